import { OWN_SOURCE, WEBHOOKS_KEY } from '../../events/delivered-event.ts';
import type { BusEvent } from '../../ports/bus.ts';
import { APPROVAL_STATUSES } from '../../store/approvals.ts';
import type { WebhookPath } from '../../store/keys.ts';
import { RUN_STATUSES } from '../../store/runs.ts';

/** What a webhook may be told of: `scope.type`, as its triggers have it. */
export const WEBHOOK_SCOPES = {
  pipeline_run: RUN_STATUSES,
  approval: APPROVAL_STATUSES,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type WebhookScope = keyof typeof WEBHOOK_SCOPES;

/** What the owner asks for, to see whether it arrives. Every webhook takes it. */
export const TEST_TYPE = 'webhook.test';

/** On the bus: a delivery is due at once, and nobody has to wait for the next minute. */
const DELIVERY_REQUESTED = 'Webhook Delivery Requested';

export function deliveryRequested(path: WebhookPath, delivery: string, now: number): BusEvent {
  const { org, app, webhook, since } = path;
  return {
    source: OWN_SOURCE,
    detailType: DELIVERY_REQUESTED,
    // No `org_id`: it is nothing for pipelines to hear (src/api/on-event).
    detail: {
      [WEBHOOKS_KEY]: true,
      id: `${delivery}/${now}`,
      delivery: `${org}/${app}/${webhook}/${since}/${delivery}`,
    },
  };
}

/** Undefined: the event asks for no delivery. */
export function readRequested(
  detailType: string,
  named: unknown,
): { readonly path: WebhookPath; readonly delivery: string } | undefined {
  if (detailType !== DELIVERY_REQUESTED || typeof named !== 'string') return undefined;
  const [org, app, webhook, since, delivery] = named.split('/');
  if (org === undefined || app === undefined || webhook === undefined || since === undefined) return undefined;
  return delivery === undefined ? undefined : { path: { org, app, webhook, since }, delivery };
}
