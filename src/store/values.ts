import type { Cursor, Item, Page, Table } from '../ports/table.ts';
import { fail, number, optionalText, text, type Unreadable } from './fields.ts';
import { type AppPath, valueKey, valuesOfApp } from './keys.ts';
import { readAll } from './listed.ts';

/** A value of an app. A secret one is there in its sealed form only. */
export type ValueRecord = {
  readonly key: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts the changes. */
  readonly revision: number;
  /** Bytes of the value itself. */
  readonly bytes: number;
  readonly content: { readonly value: string } | { readonly sealed: string };
};

export const isSecret = ({ content }: Pick<ValueRecord, 'content'>): boolean => 'sealed' in content;

export async function getValue(table: Table, path: AppPath, key: string): Promise<ValueRecord | undefined> {
  const item = await table.get(valueKey(path, key), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
}

/** All of them, in the order of their keys: an app has few, because a run reads all. */
export async function listValues(
  table: Table,
  path: AppPath,
  unreadable: Unreadable = fail,
): Promise<readonly ValueRecord[]> {
  return readAll(await itemsOf(table, path), fromItem, unreadable);
}

async function itemsOf(table: Table, path: AppPath): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      pk: valuesOfApp(path),
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

/** False: the key is taken. */
export async function putNewValue(table: Table, path: AppPath, record: ValueRecord): Promise<boolean> {
  const written = await table.write({ put: toItem(path, record), when: [[{ name: 'pk', is: 'absent' }]] });
  return written.done;
}

/** In place of the one with the revision before. False: another request was faster. */
export async function replaceValue(table: Table, path: AppPath, record: ValueRecord): Promise<boolean> {
  const written = await table.write({
    put: toItem(path, record),
    when: [[{ name: 'revision', is: '=', value: record.revision - 1 }]],
  });
  return written.done;
}

export async function deleteValue(table: Table, path: AppPath, key: string): Promise<void> {
  await table.write({ delete: valueKey(path, key) });
}

/** All of an app, readable or not. Who dies on the way leaves some, which the next call finds. */
export async function deleteValues(table: Table, path: AppPath): Promise<void> {
  const items = await itemsOf(table, path);
  await Promise.all(items.map(({ sk }) => deleteValue(table, path, sk)));
}

function toItem(path: AppPath, record: ValueRecord): Item {
  return {
    ...valueKey(path, record.key),
    ...record.content,
    description: record.description,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    revision: record.revision,
    bytes: record.bytes,
  };
}

function fromItem(item: Item): ValueRecord {
  const sealed = optionalText(item, 'sealed');
  return {
    key: item.sk,
    description: text(item, 'description'),
    createdAt: number(item, 'created_at'),
    updatedAt: number(item, 'updated_at'),
    revision: number(item, 'revision'),
    bytes: number(item, 'bytes'),
    content: sealed === undefined ? { value: text(item, 'value') } : { sealed },
  };
}
