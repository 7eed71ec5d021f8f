import type { Cursor, Item, Table } from '../ports/table.ts';
import { fail, number, text, type Unreadable } from './fields.ts';
import { type AppPath, environmentKey, environmentsOfApp, environmentsOfType } from './keys.ts';
import { type Listed, listById } from './listed.ts';

/** An environment of an app. Its type never changes: rights were given on it. */
export type EnvironmentRecord = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
};

export async function getEnvironment(table: Table, path: AppPath, id: string): Promise<EnvironmentRecord | undefined> {
  const item = await table.get(environmentKey(path, id), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
}

/** False: the id is taken. */
export async function putNewEnvironment(table: Table, path: AppPath, record: EnvironmentRecord): Promise<boolean> {
  const { id, name, type, createdAt, createdBy } = record;
  const written = await table.write({
    put: {
      ...environmentKey(path, id),
      gsi1pk: environmentsOfType(path.org, type),
      gsi1sk: `${path.app}/${id}`,
      name,
      type,
      created_at: createdAt,
      created_by: createdBy,
    },
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  return written.done;
}

/** Undefined: it is gone. */
export async function renameEnvironment(
  table: Table,
  path: AppPath,
  id: string,
  name: string,
): Promise<EnvironmentRecord | undefined> {
  const { done, item } = await table.write({
    update: environmentKey(path, id),
    set: { name },
    when: [[{ name: 'pk', is: 'present' }]],
  });
  return done && item !== undefined ? fromItem(item) : undefined;
}

export async function deleteEnvironment(table: Table, path: AppPath, id: string): Promise<void> {
  await table.write({ delete: environmentKey(path, id) });
}

/** In the order of their ids. */
export function listEnvironments(
  table: Table,
  path: AppPath,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<EnvironmentRecord>> {
  return listById(table, environmentsOfApp(path), fromItem, limit, after, unreadable);
}

/** One environment of the type, in whatever app: `app/environment`. An index is read, which may be a moment behind. */
export async function findEnvironmentOfType(table: Table, org: string, type: string): Promise<string | undefined> {
  const page = await table.query({ index: 'gsi1', pk: environmentsOfType(org, type), limit: 1 });
  const [found] = page.items;
  return found === undefined ? undefined : text(found, 'gsi1sk');
}

function fromItem(item: Item): EnvironmentRecord {
  return {
    id: item.sk,
    name: text(item, 'name'),
    type: text(item, 'type'),
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
  };
}
