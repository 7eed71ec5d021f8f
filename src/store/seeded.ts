import type { Table } from '../ports/table.ts';
import { seededKey } from './keys.ts';

/** Did an org get its examples? Then it does not get them again. */
export async function isSeeded(table: Table, org: string): Promise<boolean> {
  return (await table.get(seededKey(org), { consistent: true })) !== undefined;
}

export async function markSeeded(table: Table, org: string, now: number): Promise<void> {
  await table.write({ put: { ...seededKey(org), created_at: now } });
}
