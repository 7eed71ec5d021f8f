import type { Cursor, Table } from '../../ports/table.ts';
import { type AppRecord, getApps, listApps as readApps } from '../../store/apps.ts';
import { appKey } from '../../store/keys.ts';
import type { Listed } from '../../store/listed.ts';
import { viewApp } from '../app-view.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readableApps } from '../readable-apps.ts';

/** Who may not read all apps is shown those that they have a role on: however many the org has, no more are read. */
export const listApps =
  (dependencies: ApiDependencies): Operation<'listApps'> =>
  call => {
    const { table, log } = dependencies;
    const unreadable = reportUnreadable(log);
    const { org } = call.params;
    const mayRead = readableApps(call.caller, 'apps.read', org);
    const held = call.caller.roles.flatMap(role => (role.scope === 'app' && role.org === org ? [role.app] : []));
    const names = mayRead === undefined ? undefined : [...new Set(held)].filter(mayRead).sort();
    return replyList(dependencies, call, {
      read: (limit, after) =>
        names === undefined
          ? readApps(table, org, limit, after, unreadable)
          : readNamed(table, org, names, unreadable, limit, after),
      cursorOf: app => appKey(app),
      render: app => viewApp(dependencies, call.caller, app),
    });
  };

async function readNamed(
  table: Table,
  org: string,
  names: readonly string[],
  unreadable: (error: Error) => void,
  limit: number,
  after: Cursor | undefined,
): Promise<Listed<AppRecord>> {
  const last = after?.sk ?? '';
  const rest = names.filter(name => name > last);
  const now = rest.slice(0, limit);
  const records = await getApps(table, org, now, unreadable);
  const end = now.at(-1);
  return end === undefined || rest.length <= limit ? { records } : { records, next: appKey({ org, app: end }) };
}
