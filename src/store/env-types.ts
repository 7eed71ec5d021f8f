import type { Cursor, Item, Table } from '../ports/table.ts';
import { fail, number, text, type Unreadable } from './fields.ts';
import { envTypeKey, envTypesOfOrg } from './keys.ts';
import { type Listed, listById, readAll } from './listed.ts';
import { bury, goneUntil, isFree } from './tombstone.ts';

export type EnvTypeRecord = {
  readonly org: string;
  readonly id: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
};

export async function getEnvType(table: Table, org: string, id: string): Promise<EnvTypeRecord | undefined> {
  const item = await table.get(envTypeKey(org, id), { consistent: true });
  return item === undefined || goneUntil(item) !== undefined ? undefined : fromItem(org, item);
}

/** `there`; a number: it is gone, and its id is taken until then. Undefined: none was. */
export async function stateOfEnvType(table: Table, org: string, id: string): Promise<'there' | number | undefined> {
  const item = await table.get(envTypeKey(org, id), { consistent: true });
  return item && (goneUntil(item) ?? 'there');
}

/** False: the id is taken, perhaps by one that was deleted a short while ago. */
export async function putNewEnvType(table: Table, type: EnvTypeRecord): Promise<boolean> {
  const { org, id, description, createdAt, createdBy } = type;
  const written = await table.write({
    put: { ...envTypeKey(org, id), description, created_at: createdAt, created_by: createdBy },
    when: isFree(createdAt),
  });
  return written.done;
}

/** `until`: when its id is free; milliseconds since the epoch. */
export async function deleteEnvType(table: Table, org: string, id: string, until: number): Promise<void> {
  await table.write(bury(envTypeKey(org, id), until, [[{ name: 'pk', is: 'present' }]]));
}

/** In the order of their ids. */
export async function listEnvTypes(
  table: Table,
  org: string,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<EnvTypeRecord>> {
  const { records, next } = await listById(table, envTypesOfOrg(org), item => item, limit, after);
  const there = records.filter(item => goneUntil(item) === undefined);
  const types = readAll(there, item => fromItem(org, item), unreadable);
  return next === undefined ? { records: types } : { records: types, next };
}

function fromItem(org: string, item: Item): EnvTypeRecord {
  return {
    org,
    id: item.sk,
    description: text(item, 'description'),
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
  };
}
