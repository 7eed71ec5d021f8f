import type { Cursor, Item, Table } from '../ports/table.ts';
import { number, text } from './fields.ts';
import { envTypeKey, envTypesOfOrg } from './keys.ts';
import { type Listed, listById } from './listed.ts';

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
  return item === undefined ? undefined : fromItem(org, item);
}

/** False: the id is taken. */
export async function putNewEnvType(table: Table, type: EnvTypeRecord): Promise<boolean> {
  const { org, id, description, createdAt, createdBy } = type;
  const written = await table.write({
    put: { ...envTypeKey(org, id), description, created_at: createdAt, created_by: createdBy },
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  return written.done;
}

export async function deleteEnvType(table: Table, org: string, id: string): Promise<void> {
  await table.write({ delete: envTypeKey(org, id) });
}

/** In the order of their ids. */
export function listEnvTypes(table: Table, org: string, limit: number, after?: Cursor): Promise<Listed<EnvTypeRecord>> {
  return listById(table, envTypesOfOrg(org), item => fromItem(org, item), limit, after);
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
