import type { Cursor, Item, Table } from '../ports/table.ts';
import { fail, readable, type Unreadable } from './fields.ts';

/** A part of a list. `next` is there when the read stopped at its limit; nothing may come after it all the same. */
export type Listed<T> = { readonly records: readonly T[]; readonly next?: Cursor };

/**
 * A partition that is a list: its sort keys are ids, so it is read as it is now, in their order. What cannot be read is told
 * to `unreadable` and left out; by default it stops the list.
 */
export async function listById<T>(
  table: Table,
  pk: string,
  fromItem: (item: Item) => T,
  limit: number,
  after: Cursor | undefined,
  unreadable: Unreadable = fail,
): Promise<Listed<T>> {
  const page = await table.query({ pk, consistent: true, limit, ...(after === undefined ? {} : { after }) });
  const records = readAll(page.items, fromItem, unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Those of them that can be read. */
export const readAll = <T>(items: readonly Item[], fromItem: (item: Item) => T, unreadable: Unreadable): readonly T[] =>
  items.flatMap(item => readable(item, fromItem, unreadable) ?? []);

/** The same from its end: what sorts by time, the newest first. */
export async function listNewest<T>(
  table: Table,
  pk: string,
  fromItem: (item: Item) => T,
  limit: number,
  after: Cursor | undefined,
  unreadable: Unreadable = fail,
): Promise<Listed<T>> {
  const page = await table.query({
    pk,
    reverse: true,
    consistent: true,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const records = readAll(page.items, fromItem, unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}
