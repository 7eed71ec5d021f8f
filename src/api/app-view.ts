import { decide } from '../access/decide.ts';
import type { AppRecord } from '../store/apps.ts';
import { listEnvironments } from '../store/environments.ts';
import type { Caller } from './authenticate.ts';
import { reportUnreadable } from './log.ts';
import type { ApiDependencies } from './operation.ts';
import { renderApp } from './render/places.ts';

/** Environments that an app is shown with; all of them are in the list of its environments. */
const MOST_SHOWN = 100;

/** The app as this caller sees it: who may not read environments sees none. */
export async function viewApp(
  { table, log }: Pick<ApiDependencies, 'table' | 'log'>,
  { roles }: Caller,
  app: AppRecord,
): Promise<string> {
  const { allowed } = decide(roles, 'environments.read', { org: app.org, app: app.app });
  if (!allowed) return renderApp(app, []);
  const { records } = await listEnvironments(table, app, MOST_SHOWN, undefined, reportUnreadable(log));
  return renderApp(app, records);
}
