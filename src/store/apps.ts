import type { Condition, Cursor, Item, Table } from '../ports/table.ts';
import { fail, number, optionalText, readable, text, type Unreadable } from './fields.ts';
import { type AppPath, appKey, appsOfOrg } from './keys.ts';
import { type Listed, listById, readAll } from './listed.ts';
import { bury, goneUntil, isFree } from './tombstone.ts';

export type AppRecord = AppPath & {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Empty: whoever set up the deployment. */
  readonly createdBy: string;
};

type NewApp = Omit<AppRecord, 'createdBy'> & { readonly createdBy?: string };

/** An app whose deletion began is not there any more. */
export async function getApp(table: Table, path: AppPath): Promise<AppRecord | undefined> {
  const item = await table.get(appKey(path), { consistent: true });
  return item === undefined || isGoing(item) ? undefined : fromItem(path.org, item);
}

/** Those of these apps that are there. Limit: 100. */
export async function getApps(
  table: Table,
  org: string,
  apps: readonly string[],
  unreadable: Unreadable = fail,
): Promise<readonly AppRecord[]> {
  const keys = apps.map(app => appKey({ org, app }));
  const items = await table.getMany(keys, { consistent: true });
  const there = items.filter(item => item !== undefined && !isGoing(item));
  return there.flatMap(item => (item && readable(item, found => fromItem(org, found), unreadable)) ?? []);
}

/** False: the id is taken, perhaps by an app that was deleted and whose runs are kept. */
export async function putNewApp(table: Table, app: NewApp): Promise<boolean> {
  const written = await table.write({
    put: { ...appKey(app), name: app.name, created_at: app.createdAt, created_by: app.createdBy ?? '' },
    when: isFree(app.createdAt),
  });
  return written.done;
}

/** Undefined: it is gone. */
export async function renameApp(table: Table, path: AppPath, name: string): Promise<AppRecord | undefined> {
  const { done, item } = await table.write({ update: appKey(path), set: { name }, when: THERE });
  return done && item !== undefined ? fromItem(path.org, item) : undefined;
}

/** In the order of their ids. */
export async function listApps(
  table: Table,
  org: string,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<AppRecord>> {
  const { records, next } = await listById(table, appsOfOrg(org), item => item, limit, after);
  const there = records.filter(item => !isGoing(item));
  const apps = readAll(there, item => fromItem(org, item), unreadable);
  return next === undefined ? { records: apps } : { records: apps, next };
}

/** `going`: its deletion began and was not finished. A number: it is gone, and its id is taken until then. Undefined: none was. */
export async function stateOfApp(table: Table, path: AppPath): Promise<'there' | 'going' | number | undefined> {
  const item = await table.get(appKey(path), { consistent: true });
  return item && (goneUntil(item) ?? (isGoing(item) ? 'going' : 'there'));
}

/** From now on nobody finds the app; its id stays taken until `buryApp` says how long. */
export async function beginToDeleteApp(table: Table, path: AppPath): Promise<void> {
  await table.write({ update: appKey(path), set: { going: true }, when: [[{ name: 'pk', is: 'present' }]] });
}

/** `until`: milliseconds since the epoch. */
export async function buryApp(table: Table, path: AppPath, until: number): Promise<void> {
  await table.write(bury(appKey(path), until, [[{ name: 'going', is: '=', value: true }]]));
}

const THERE: Condition = [
  [
    { name: 'pk', is: 'present' },
    { name: 'going', is: 'absent' },
  ],
];

const isGoing = (item: Item): boolean => item.going === true;

function fromItem(org: string, item: Item): AppRecord {
  return {
    org,
    app: item.sk,
    name: text(item, 'name'),
    createdAt: number(item, 'created_at'),
    createdBy: optionalText(item, 'created_by') ?? '',
  };
}
