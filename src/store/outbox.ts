import type { JsonObject } from '../json.ts';
import type { Table } from '../ports/table.ts';
import { text } from './fields.ts';
import { OUTBOX, outboxKey } from './keys.ts';

/** `event`: as JSON text. */
export type Kept = { readonly position: string; readonly event: string };

/** Keeps an event that the bus did not take. Kept twice under one id and time, it is there once. */
export async function keepEvent(table: Table, at: number, id: string, event: JsonObject): Promise<void> {
  await table.write({ put: { ...outboxKey(at, id), event: JSON.stringify(event) } });
}

/** Oldest first. */
export async function keptEvents(table: Table, limit: number): Promise<readonly Kept[]> {
  const { items } = await table.query({ pk: OUTBOX, limit, consistent: true });
  return items.map(item => ({ position: text(item, 'sk'), event: text(item, 'event') }));
}

export async function dropEvent(table: Table, position: string): Promise<void> {
  await table.write({ delete: { pk: OUTBOX, sk: position } });
}
