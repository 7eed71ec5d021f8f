import { LISTENED_KEY, OWN_SOURCE, WEBHOOKS_KEY } from '../events/delivered-event.ts';
import { type Bus, type BusEvent, MAX_EVENTS } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import { someTriggerFor } from '../store/event-triggers.ts';
import type { AppPath } from '../store/keys.ts';
import { dropEvent, keepEvent, keptEvents } from '../store/outbox.ts';
import { someWebhookOf } from '../store/webhooks.ts';

/**
 * Puts events on the bus. When it resolves, they are there, or kept for `tellKept`. It rejects when neither could be done:
 * whoever calls must not go on as if they had been told.
 */
export type Tell = (events: readonly BusEvent[]) => Promise<void>;

export type Telling = {
  readonly bus: Bus;
  readonly table: Table;
  readonly clock: Clock;
  readonly report: (message: string, error: unknown) => void;
};

/** Kept events of one round: with each a write to drop it. */
const ROUND = 1_000;

export function createTell(deps: Telling): Tell {
  return async events => {
    for (const batch of batchesOf(events)) {
      const left = await put(deps, batch);
      await Promise.all(left.map(event => keepEvent(deps.table, deps.clock.now(), idOf(event), event)));
    }
  };
}

/** Tells what the bus did not take before. Answers how many it took now. */
export async function tellKept(deps: Telling): Promise<number> {
  let told = 0;
  const kept = await keptEvents(deps.table, ROUND);
  // One by one: an event that can never be put must not keep the others.
  for (const { position, event } of kept) {
    const [left] = await put(deps, [JSON.parse(event) as BusEvent]); // as: only `createTell` keeps them
    if (left !== undefined) continue;
    await dropEvent(deps.table, position);
    told += 1;
  }
  return told;
}

/** Answers those that the bus did not take. */
async function put(deps: Telling, events: readonly BusEvent[]): Promise<readonly BusEvent[]> {
  const { bus, report } = deps;
  try {
    const results = await bus.put(await Promise.all(events.map(event => marked(deps, event))));
    const left = events.filter((_, index) => !('id' in (results[index] ?? {})));
    if (left.length > 0) report(`the bus did not take ${left.length} events; they are put again later`, results);
    return left;
  } catch (error) {
    report(`the bus did not take ${events.length} events; they are put again later`, error);
    return events;
  }
}

/** With the keys that make the rules of the bus hand it to who listens. */
async function marked(deps: Telling, event: BusEvent): Promise<BusEvent> {
  const { org_id: org, app_id: app } = event.detail;
  const path = typeof org === 'string' && typeof app === 'string' ? { org, app } : undefined;
  const [pipelines, webhooks] = await Promise.all([
    pipelinesListen(deps),
    path !== undefined && webhooksListen(deps, path),
  ]);
  if (!pipelines && !webhooks) return event;
  const keys = { ...(pipelines && { [LISTENED_KEY]: true }), ...(webhooks && { [WEBHOOKS_KEY]: true }) };
  return { ...event, detail: { ...event.detail, ...keys } };
}

/** Whether what becomes of the runs of this app starts a function of ours. */
export async function areListenedTo(deps: Telling, path: AppPath): Promise<boolean> {
  const listen = await Promise.all([pipelinesListen(deps), webhooksListen(deps, path)]);
  return listen.includes(true);
}

const pipelinesListen = (deps: Telling) => orListen(deps, someTriggerFor(deps.table, OWN_SOURCE, deps.clock.now()));

const webhooksListen = (deps: Telling, path: AppPath) =>
  orListen(deps, someWebhookOf(deps.table, path, deps.clock.now()));

/** Where that cannot be known, as if somebody did: it costs an invocation for each event, and none is missed. */
async function orListen({ report }: Telling, look: Promise<boolean>): Promise<boolean> {
  try {
    return await look;
  } catch (error) {
    report('could not look whether anybody listens to what becomes of runs', error);
    return true;
  }
}

function batchesOf(events: readonly BusEvent[]): readonly (readonly BusEvent[])[] {
  const count = Math.ceil(events.length / MAX_EVENTS);
  return Array.from({ length: count }, (_, index) => events.slice(index * MAX_EVENTS, (index + 1) * MAX_EVENTS));
}

/** Each event of ours has one. */
const idOf = ({ detail }: BusEvent): string => String(detail.id);
