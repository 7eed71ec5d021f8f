import type { Json, JsonObject } from '../src/json.ts';
import { type Bus, type BusEvent, problemOfEvents } from '../src/ports/bus.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Ids } from '../src/ports/ids.ts';
import { type DeadLetter, type Delivery, openBusFile } from './bus/bus-file.ts';

/** Whoever is told of every event: what a rule of EventBridge has as its target. It rejects to be told again. */
export type BusTarget = (event: Json) => Promise<unknown>;

export type LocalBusOptions = {
  /** Path of the file; `:memory:` keeps nothing. */
  readonly file: string;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'uuid'>;
  /** By name; a name is kept with what waits for it. */
  readonly targets: Readonly<Record<string, BusTarget>>;
  /** The patterns of the rules before targets: what none of them matches reaches nobody, and is not kept. A target without one gets all. */
  readonly rules?: Readonly<Record<string, (event: BusEvent) => boolean>>;
  readonly report: (message: string, error: unknown) => void;
};

export type LocalBus = Bus & {
  /** Delivers what waits from now on: what an earlier process left, too. */
  start(): void;
  /** Resolves when nothing is on its way and nothing is due. */
  idle(): Promise<void>;
  deadLetters(): readonly DeadLetter[];
  /** Delivers all dead letters again, each with its id, to the target that it died at. Answers how many there were. */
  resend(): Promise<number>;
  /** Takes no more; resolves when what is being delivered has arrived or failed. What waits goes on with the next start. */
  close(): Promise<void>;
};

/** The account of this machine, as stand-ins for AWS have it. */
export const LOCAL_ACCOUNT = '000000000000';
const REGION = 'local';

/** Deliveries at the same time. */
const WIDTH = 16;

/** Milliseconds before each further attempt; after the last one the event is a dead letter. */
const PAUSES = [1_000, 5_000, 25_000, 125_000] as const;

/** An event bus in this process. An event is on disk before `put` answers, and is delivered at least once to each target. */
export function openBus({ file, clock, ids, targets, rules = {}, report }: LocalBusOptions): LocalBus {
  const kept = openBusFile(file);
  const ready: Delivery[] = [];
  const closing = new AbortController();
  const sleeping = new Set<Promise<void>>();
  let atWork = 0;
  let started = false;
  let idlers: (() => void)[] = [];

  function pump(): void {
    while (started && !closing.signal.aborted && atWork < WIDTH) {
      const delivery = ready.shift();
      if (delivery === undefined) break;
      atWork += 1;
      void deliver(delivery).finally(() => {
        atWork -= 1;
        pump();
      });
    }
    if (atWork > 0 || (ready.length > 0 && !closing.signal.aborted)) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  }

  async function deliver(delivery: Delivery): Promise<void> {
    try {
      const target = targets[delivery.target];
      const body = kept.body(delivery.event);
      // A target of an earlier version of this program, which is no more.
      if (target !== undefined && body !== undefined) {
        const failed = await attempt(target, body);
        if (failed !== undefined) return await again({ ...delivery, attempts: delivery.attempts + 1 }, failed.error);
      }
      await kept.finish(delivery);
    } catch (error) {
      // It is in the file as it was: the next start of this program delivers it.
      report(`the event ${delivery.event} was not crossed off at '${delivery.target}'`, error);
    }
  }

  async function again(delivery: Delivery, error: unknown): Promise<void> {
    const pause = PAUSES[delivery.attempts - 1];
    if (pause === undefined) {
      report(
        `the event ${delivery.event} is a dead letter: '${delivery.target}' failed ${delivery.attempts} times`,
        error,
      );
      return kept.bury(delivery, error instanceof Error ? error.message : String(error), clock.now());
    }
    report(`the event ${delivery.event} is delivered again: '${delivery.target}' failed`, error);
    const later = { ...delivery, due: clock.now() + pause };
    await kept.postpone(later);
    wait(later);
  }

  function wait(delivery: Delivery): void {
    const slept = clock.sleep(Math.max(delivery.due - clock.now(), 0), closing.signal).then(() => {
      sleeping.delete(slept);
      if (closing.signal.aborted) return;
      ready.push(delivery);
      pump();
    });
    sleeping.add(slept);
  }

  function delivered(id: string, { source, detailType, detail, resources = [], time }: BusEvent): JsonObject {
    return {
      version: '0',
      id,
      'detail-type': detailType,
      source,
      account: LOCAL_ACCOUNT,
      // To the second, as EventBridge has it.
      time: new Date(time ?? clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: REGION,
      resources,
      detail,
    };
  }

  function deliveriesOf(id: string, event: BusEvent): readonly Delivery[] {
    const due = clock.now();
    const matched = Object.keys(targets).filter(target => rules[target]?.(event) ?? true);
    return matched.map(target => ({ event: id, target, attempts: 0, due }));
  }

  return {
    async put(events) {
      const problem = problemOfEvents(events);
      if (problem !== undefined) throw badEvents(problem);
      if (closing.signal.aborted) throw new Error('the bus is closed');
      const made = events.map(event => ({ id: ids.uuid(), event }));
      const matched = made.flatMap(({ id, event }) => {
        const deliveries = deliveriesOf(id, event);
        return deliveries.length === 0 ? [] : [{ id, body: JSON.stringify(delivered(id, event)), deliveries }];
      });
      if (matched.length > 0) {
        const deliveries = matched.flatMap(one => one.deliveries);
        await kept.keep(matched, deliveries);
        ready.push(...deliveries);
        pump();
      }
      return made.map(({ id }) => ({ id }));
    },
    start() {
      if (started) return;
      started = true;
      ready.length = 0;
      for (const delivery of kept.waiting()) {
        if (delivery.due <= clock.now()) ready.push(delivery);
        else wait(delivery);
      }
      pump();
    },
    idle: () =>
      new Promise(resolve => {
        idlers.push(resolve);
        pump();
      }),
    deadLetters: () => kept.dead(),
    async resend() {
      if (closing.signal.aborted) throw new Error('the bus is closed');
      const revived = await kept.revive(kept.dead(), clock.now());
      ready.push(...revived);
      pump();
      return revived.length;
    },
    async close() {
      closing.abort();
      await Promise.all([...sleeping]);
      await new Promise<void>(resolve => {
        idlers.push(resolve);
        pump();
      });
      kept.close();
    },
  };
}

async function attempt(target: BusTarget, body: string): Promise<{ readonly error: unknown } | undefined> {
  try {
    await target(JSON.parse(body) as Json); // as: it was made of one
    return undefined;
  } catch (error) {
    return { error };
  }
}

function badEvents(problem: string): Error {
  const error = new Error(`these events cannot be put: ${problem}`);
  error.name = 'BadEvents';
  return error;
}
