import type { Delivery } from '../../store/deliveries.ts';
import type { WebhookRecord } from '../../store/webhooks.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

/** `whole`: for whoever may change it. What follows the host of a URL often is a secret of the receiver. */
export function renderWebhook(record: WebhookRecord, whole: boolean, now: number): Entity {
  const until = Math.max(...record.secrets.map(({ until = 0 }) => until));
  return makeEntity(
    JSON.stringify({
      id: record.id,
      url: whole ? record.url : beginningOf(record.url),
      description: record.description,
      triggers: record.types.map(triggerOf),
      disabled: record.disabled !== undefined,
      disabled_reason: record.disabled,
      failing_since: optionalTime(record.failingSince),
      previous_secret_until: optionalTime(until > now ? until : undefined),
      headers: {},
      payload: {},
      created_at: formatTime(record.createdAt),
      created_by: record.createdBy,
      updated_at: formatTime(record.updatedAt),
    }),
  );
}

/** The only answers that hold a secret. The etag is that of the webhook. */
export const withSecret = ({ text }: Entity, secret: string): string =>
  `${text.slice(0, -1)},"secret":${JSON.stringify(secret)}}`;

export function renderDelivery(delivery: Delivery): string {
  return JSON.stringify({
    id: delivery.id,
    webhook_id: delivery.webhook,
    event_id: delivery.eventId,
    type: delivery.type,
    status: delivery.status,
    attempts: delivery.attempts,
    created_at: formatTime(delivery.createdAt),
    last_attempt_at: optionalTime(delivery.lastAttemptAt),
    // While it is being sent, nobody knows.
    next_attempt_at: optionalTime(delivery.sending ? undefined : delivery.due),
    response_status_code: delivery.statusCode,
    error: delivery.error,
    message: delivery.message,
  });
}

const optionalTime = (at: number | undefined): string | undefined => (at === undefined ? undefined : formatTime(at));

function triggerOf(name: string): { readonly scope: string; readonly type: string } {
  const [scope = '', type = ''] = name.split('.');
  return { scope, type };
}

function beginningOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? url : `${origin}/…`;
}
