import type { Key, Table } from '../ports/table.ts';
import { type RolePlace, usersOf } from './keys.ts';

/** Items that are deleted with one call each time. */
const AT_ONCE = 100;

/** Deletes all that lies in a partition, as it is now. */
export async function clearPartition(table: Table, pk: string): Promise<void> {
  for (;;) {
    const { items } = await table.query({ pk, consistent: true, limit: AT_ONCE });
    if (items.length === 0) return;
    await drop(table, items);
  }
}

/** Takes away every role on an app, or on a type of environments. An index is read: it may be a moment behind. */
export async function clearRoles(table: Table, place: RolePlace): Promise<void> {
  const { items } = await table.query({ index: 'gsi1', pk: usersOf(place) });
  await drop(table, items);
}

async function drop(table: Table, keys: readonly Key[]): Promise<void> {
  if (keys.length > 0) await table.writeInOrder([keys.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
}
