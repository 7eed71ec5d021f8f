import type { Item, Table, Test, Value } from '../ports/table.ts';
import { number, oneOf, optionalNumber, optionalText, text, type Unreadable } from './fields.ts';
import { deliveriesOf, deliveryKey, dueDeliveries, duePosition, dueShardOf, type WebhookPath } from './keys.ts';
import { type Listed, listNewest } from './listed.ts';

/** Seconds that a delivery is listed. */
export const DELIVERY_KEPT = 30 * 86_400;

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What one webhook is told of one event. */
export type Delivery = WebhookPath & {
  /** Ordered by the time of the event; the same whenever the same event comes for the same webhook. */
  readonly id: string;
  /** The same for every attempt: what receivers sort out repetitions by. */
  readonly eventId: string;
  readonly type: string;
  /** What is sent, to the byte. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Attempts that began. */
  readonly attempts: number;
  /** Those of them since somebody asked for another delivery. */
  readonly tries: number;
  /** When the next attempt may begin. Absent: there is none. While one is under way, when others take it for lost. */
  readonly due?: number;
  readonly sending: boolean;
  readonly lastAttemptAt?: number;
  /** Of the last attempt. */
  readonly statusCode?: number;
  readonly error?: string;
  readonly message?: string;
};

export type NewDelivery = WebhookPath & Pick<Delivery, 'id' | 'eventId' | 'type' | 'body' | 'createdAt'>;

/**
 * Whether the first attempt is the caller's, who has until then before others take it for lost; or anybody's, from then
 * on. `tries`: how many count as made already.
 */
export type First = { readonly mine: boolean; readonly due: number; readonly tries?: number };

/** `expiresAt`: seconds since the epoch. Undefined: it was there before. */
export async function putNewDelivery(
  table: Table,
  delivery: NewDelivery,
  { mine, due, tries = 0 }: First,
  expiresAt: number,
): Promise<Delivery | undefined> {
  const began = mine ? 1 : 0;
  const item: Item = {
    ...deliveryKey(delivery, delivery.id),
    ...{ event_id: delivery.eventId, type: delivery.type, body: delivery.body, status: 'pending' },
    ...{ created_at: delivery.createdAt, attempts: began, tries: tries + began, expires_at: expiresAt },
    ...dueFields(delivery, delivery.id, due),
    ...(mine ? { sending: true, last_attempt_at: delivery.createdAt } : {}),
  };
  const { done } = await table.write({ put: item, when: [[{ name: 'pk', is: 'absent' }]] });
  return done ? fromItem(delivery, item) : undefined;
}

/**
 * Begins the next attempt, if nobody else did since it was due then. Whoever gets it has until `lease` before others take
 * the attempt for lost.
 */
export async function takeDelivery(
  table: Table,
  path: WebhookPath,
  id: string,
  times: { readonly due: number; readonly now: number; readonly lease: number },
): Promise<Delivery | undefined> {
  const { done, item } = await table.write({
    update: deliveryKey(path, id),
    set: { ...dueFields(path, id, times.lease), sending: true, last_attempt_at: times.now },
    add: { attempts: 1, tries: 1 },
    when: [[pending, { name: 'due', is: '=', value: times.due }]],
  });
  return done && item !== undefined ? fromItem(path, item) : undefined;
}

/** What came of an attempt. */
export type Tried = {
  readonly status: DeliveryStatus;
  readonly statusCode?: number;
  readonly error?: string;
  readonly message?: string;
  /** Of the next attempt, while it is pending. */
  readonly due?: number;
};

/** False: somebody took the attempt for lost and began another one. */
export async function noteTried(table: Table, delivery: Delivery, tried: Tried): Promise<boolean> {
  const { statusCode, error, message, due } = tried;
  const set: Record<string, Value> = {
    status: tried.status,
    ...(statusCode === undefined ? {} : { status_code: statusCode }),
    ...(error === undefined ? {} : { error }),
    ...(message === undefined ? {} : { message }),
    ...(due === undefined ? {} : dueFields(delivery, delivery.id, due)),
  };
  const absent = ['status_code', 'error', 'message', 'due', 'gsi2pk', 'gsi2sk'].filter(name => !(name in set));
  const { done } = await table.write({
    update: deliveryKey(delivery, delivery.id),
    set,
    remove: ['sending', ...absent],
    when: [[pending, { name: 'attempts', is: '=', value: delivery.attempts }]],
  });
  return done;
}

/** It is not sent any more, unless somebody began to since it was due then. */
export async function endDelivery(
  table: Table,
  path: WebhookPath,
  id: string,
  { due, error, message }: { readonly due: number; readonly error: string; readonly message: string },
): Promise<void> {
  await table.write({
    update: deliveryKey(path, id),
    set: { status: 'failed', error, message },
    remove: ['sending', 'due', 'gsi2pk', 'gsi2sk'],
    when: [[pending, { name: 'due', is: '=', value: due }]],
  });
}

/** From now on it is due again, with all its attempts. Undefined: it is being sent just now, or it is gone. */
export async function dueAgain(
  table: Table,
  path: WebhookPath,
  id: string,
  now: number,
): Promise<Delivery | undefined> {
  const { done, item } = await table.write({
    update: deliveryKey(path, id),
    set: { ...dueFields(path, id, now), status: 'pending', tries: 0 },
    when: [
      [
        { name: 'status', is: 'present' },
        { name: 'sending', is: 'absent' },
      ],
    ],
  });
  return done && item !== undefined ? fromItem(path, item) : undefined;
}

export async function getDelivery(table: Table, path: WebhookPath, id: string): Promise<Delivery | undefined> {
  const item = await table.get(deliveryKey(path, id), { consistent: true });
  return item === undefined ? undefined : fromItem(path, item);
}

/** Those of the newest events first. */
export function listDeliveries(
  table: Table,
  path: WebhookPath,
  limit: number,
  after?: Readonly<Record<string, string>>,
  unreadable?: Unreadable,
): Promise<Listed<Delivery>> {
  return listNewest(table, deliveriesOf(path), item => fromItem(path, item), limit, after, unreadable);
}

export const cursorOfDelivery = (delivery: Delivery): Readonly<Record<string, string>> => ({
  ...deliveryKey(delivery, delivery.id),
});

const pending: Test = { name: 'status', is: '=', value: 'pending' };

const dueFields = (path: WebhookPath, id: string, due: number) => ({
  due,
  gsi2pk: dueDeliveries(dueShardOf(path)),
  gsi2sk: duePosition(path, due, id),
});

function fromItem({ org, app, webhook, since }: WebhookPath, item: Item): Delivery {
  const due = optionalNumber(item, 'due');
  const lastAttemptAt = optionalNumber(item, 'last_attempt_at');
  const statusCode = optionalNumber(item, 'status_code');
  const error = optionalText(item, 'error');
  const message = optionalText(item, 'message');
  return {
    ...{ org, app, webhook, since, id: item.sk },
    eventId: text(item, 'event_id'),
    type: text(item, 'type'),
    body: text(item, 'body'),
    status: oneOf(item, 'status', DELIVERY_STATUSES),
    createdAt: number(item, 'created_at'),
    attempts: number(item, 'attempts'),
    tries: number(item, 'tries'),
    sending: item.sending === true,
    ...(due === undefined ? {} : { due }),
    ...(lastAttemptAt === undefined ? {} : { lastAttemptAt }),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(error === undefined ? {} : { error }),
    ...(message === undefined ? {} : { message }),
  };
}
