import { LISTENED_KEY, OWN_SOURCE, readDelivered, WEBHOOKS_KEY } from '../../events/delivered-event.ts';
import type { Json } from '../../json.ts';
import { DELIVERY_KEPT, putNewDelivery } from '../../store/deliveries.ts';
import { listWebhooks, pathOfWebhook, type WebhookRecord } from '../../store/webhooks.ts';
import { derivedOrderedId } from '../derived-id.ts';
import { APPROVAL_STATUS, RUN_STATUS } from '../status-events.ts';
import { readRequested } from './types.ts';
import { type Heard, LEASE, type Webhooks } from './webhooks.ts';

/**
 * Failures in a row after which events are left to the round of every minute: whoever is told of an event does not wait for a
 * receiver that does not answer.
 */
const TIRED_AFTER = 3;

/**
 * Records what the webhooks of the app of this event are told of it; recorded before, nothing happens. Answers what is to
 * be sent at once. `mine`: the caller sends it, each by `sendMine`. Who dies in between leaves it to the next round.
 */
export async function hear(deps: Webhooks, given: Json, mine: boolean): Promise<readonly Heard[]> {
  const event = readDelivered(given);
  if (typeof event === 'string' || event.source !== OWN_SOURCE) return [];
  const requested = readRequested(event.detailType, event.detail.delivery);
  if (requested !== undefined) return [{ path: requested.path, id: requested.delivery }];
  const message = readMessage(event.detailType, event.detail);
  if (message === undefined) return [];
  const { org, app, type } = message;
  const webhooks = await listWebhooks(deps.table, { org, app }, error =>
    deps.report('a webhook cannot be read and is told of nothing', error),
  );
  const interested = webhooks.filter(
    ({ disabled, types }) => disabled === undefined && (types.length === 0 || types.includes(type)),
  );
  const heard = await Promise.allSettled(interested.map(webhook => record(deps, webhook, message, mine)));
  // The event comes again for those that could not be recorded, and finds the others.
  const troubles = heard.flatMap(one => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const recorded = heard.flatMap(one => (one.status === 'fulfilled' && one.value !== undefined ? [one.value] : []));
  if (troubles.length > 0) throw new AggregateError(troubles, `event ${message.id} was not recorded for all webhooks`);
  return recorded;
}

type Message = {
  readonly id: string;
  readonly org: string;
  readonly app: string;
  readonly type: string;
  readonly at: number;
  readonly body: string;
};

const SCOPES: Readonly<Record<string, string>> = { [RUN_STATUS]: 'pipeline_run', [APPROVAL_STATUS]: 'approval' };

/** What is sent: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure */
function readMessage(detailType: string, detail: Readonly<Record<string, Json>>): Message | undefined {
  const scope = Object.hasOwn(SCOPES, detailType) ? SCOPES[detailType] : undefined;
  const { [LISTENED_KEY]: _, [WEBHOOKS_KEY]: __, ...data } = detail;
  const { id, org_id: org, app_id: app, status, at: timestamp } = data;
  if (scope === undefined || typeof id !== 'string' || typeof org !== 'string' || typeof app !== 'string')
    return undefined;
  if (typeof status !== 'string' || typeof timestamp !== 'string') return undefined;
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return undefined;
  const type = `${scope}.${status}`;
  return { id, org, app, type, at, body: JSON.stringify({ type, timestamp, data }) };
}

async function record(
  { table, clock }: Webhooks,
  webhook: WebhookRecord,
  { id: eventId, type, at, body }: Message,
  mine: boolean,
): Promise<Heard | undefined> {
  const path = pathOfWebhook(webhook);
  const now = clock.now();
  const id = derivedOrderedId(at, `${webhook.since} ${eventId}`);
  const tired = webhook.failures >= TIRED_AFTER;
  const first = mine && !tired ? { mine: true, due: now + LEASE } : { mine: false, due: now };
  const delivery = await putNewDelivery(
    table,
    { ...path, id, eventId, type, body, createdAt: now },
    first,
    Math.ceil(now / 1_000) + DELIVERY_KEPT,
  );
  if (delivery === undefined || tired) return undefined;
  return mine ? { path, id, webhook, delivery } : { path, id };
}
