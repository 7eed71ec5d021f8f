import type { Table } from '../../ports/table.ts';
import type { Delivery } from '../../store/deliveries.ts';
import type { WebhookPath } from '../../store/keys.ts';
import type { WebhookRecord } from '../../store/webhooks.ts';
import type { Attempting } from './attempt.ts';

export type Webhooks = Attempting & { readonly table: Table };

/** Milliseconds after which an attempt is taken for lost: longer than any takes. */
export const LEASE = 60_000;

/** Something to be sent that is recorded. `delivery`: the attempt that began with the record is the caller's. */
export type Heard = { readonly path: WebhookPath; readonly id: string } & (
  | { readonly webhook: WebhookRecord; readonly delivery: Delivery }
  | { readonly delivery?: undefined }
);
