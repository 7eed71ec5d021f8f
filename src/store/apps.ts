import type { Table } from '../ports/table.ts';
import { number, text } from './fields.ts';
import { type AppPath, appKey } from './keys.ts';

export type AppRecord = AppPath & { readonly name: string; readonly createdAt: number };

export async function getApp(table: Table, path: AppPath): Promise<AppRecord | undefined> {
  const item = await table.get(appKey(path), { consistent: true });
  if (item === undefined) return undefined;
  return { org: path.org, app: path.app, name: text(item, 'name'), createdAt: number(item, 'created_at') };
}

/** False: the id is taken. */
export async function putNewApp(table: Table, app: AppRecord): Promise<boolean> {
  const written = await table.write({
    put: { ...appKey(app), name: app.name, created_at: app.createdAt },
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  return written.done;
}
