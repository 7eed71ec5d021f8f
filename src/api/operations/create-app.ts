import { getApp, putNewApp, stateOfApp } from '../../store/apps.ts';
import { clearOldApp } from '../../store/clear.ts';
import type { AppPath } from '../../store/keys.ts';
import { putRole, removeRole } from '../../store/roles.ts';
import { readJsonObject } from '../body.ts';
import { refuseAll } from '../body-problems.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderApp } from '../render/places.ts';
import { isRefusal, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { isText, LONGEST_NAME, readIdField, readTextField } from '../text-field.ts';
import { formatTime } from '../time.ts';

/** The app first: a role on an app that is not there could be one on somebody else's. */
export const createApp =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createApp'> =>
  async ({ request, caller, params, audit }) => {
    const body = readJsonObject(request, ['id', 'name']);
    if (isRefusal(body)) return body;
    const id = readIdField(body.value, 'id', 'app');
    const name = readTextField(body.value, 'name', { most: LONGEST_NAME });
    if (!isText(id) || !isText(name)) return refuseAll(id, name);
    const app = { org: params.org, app: id, name, createdAt: clock.now(), createdBy: caller.id };
    const state = await stateOfApp(table, app);
    if (state !== undefined && !(typeof state === 'number' && state <= app.createdAt)) return taken(app, state);
    await clearOldApp(table, { org: app.org, app: id }, app.createdAt);
    if (!(await putNewApp(table, app))) return taken(app, await stateOfApp(table, app));
    const owner = { scope: 'app', org: app.org, app: id, role: 'owner' } as const;
    await putRole(table, caller.id, owner, app.createdAt);
    // Whoever deletes it clears the roles that there are: either they saw this one, or that it is gone is seen here.
    if ((await getApp(table, app)) === undefined) {
      await removeRole(table, caller.id, owner);
      return NOT_FOUND;
    }
    audit({ app: id, role: 'owner', subject: caller.id });
    return { status: 201, headers: { location: `${baseUrl}${request.path}/${id}` }, body: renderApp(app, []) };
  };

function taken({ org, app }: AppPath, state: Awaited<ReturnType<typeof stateOfApp>>): Refusal {
  if (typeof state === 'number') {
    return refuse(
      'APP_ID_TAKEN',
      `App '${app}' of org '${org}' was deleted, and its runs are kept: the id is free again from ${formatTime(state)} on. Take another id.`,
    );
  }
  return state === 'going'
    ? refuse('APP_ID_TAKEN', `Org '${org}' is still deleting an app '${app}'; repeat the deletion, or take another id.`)
    : refuse('APP_ID_TAKEN', `Org '${org}' has an app '${app}' already.`);
}
