import type { Cursor, Item, Table } from '../ports/table.ts';

/** A part of a list. `next` is there when the read stopped at its limit; nothing may come after it all the same. */
export type Listed<T> = { readonly records: readonly T[]; readonly next?: Cursor };

/** A partition that is a list: its sort keys are ids, so it is read as it is now, in their order. */
export async function listById<T>(
  table: Table,
  pk: string,
  fromItem: (item: Item) => T,
  limit: number,
  after: Cursor | undefined,
): Promise<Listed<T>> {
  const page = await table.query({ pk, consistent: true, limit, ...(after === undefined ? {} : { after }) });
  const records = page.items.map(fromItem);
  return page.next === undefined ? { records } : { records, next: page.next };
}
