import { putNewApp } from '../../store/apps.ts';
import { putRole } from '../../store/roles.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderApp } from '../render/places.ts';
import { isRefusal, refuse } from '../reply.ts';
import { isText, LONGEST_NAME, readIdField, readTextField } from '../text-field.ts';

/** The app first: a role on an app that is not there could be one on somebody else's. */
export const createApp =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createApp'> =>
  async ({ request, caller, params, audit }) => {
    const body = readJsonObject(request, ['id', 'name']);
    if (isRefusal(body)) return body;
    const id = readIdField(body.value, 'id', 'app');
    if (!isText(id)) return id;
    const name = readTextField(body.value, 'name', { most: LONGEST_NAME });
    if (!isText(name)) return name;
    const app = { org: params.org, app: id, name, createdAt: clock.now(), createdBy: caller.id };
    if (!(await putNewApp(table, app))) {
      return refuse('APP_ID_TAKEN', `Org '${app.org}' has an app '${id}' already, or is still deleting one.`);
    }
    await putRole(table, caller.id, { scope: 'app', org: app.org, app: id, role: 'owner' }, app.createdAt);
    audit({ app: id, role: 'owner', subject: caller.id });
    return { status: 201, headers: { location: `${baseUrl}${request.path}/${id}` }, body: renderApp(app, []) };
  };
