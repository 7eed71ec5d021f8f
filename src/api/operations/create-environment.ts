import { getApp } from '../../store/apps.ts';
import { getEnvType } from '../../store/env-types.ts';
import { deleteEnvironment, putNewEnvironment } from '../../store/environments.ts';
import { readJsonObject } from '../body.ts';
import { refuseAll } from '../body-problems.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvironment } from '../render/places.ts';
import { isRefusal, NOT_FOUND, refuse } from '../reply.ts';
import { isText, LONGEST_NAME, readIdField, readTextField } from '../text-field.ts';

export const createEnvironment =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createEnvironment'> =>
  async ({ request, caller, params: { org, app }, judge, audit }) => {
    const body = readJsonObject(request, ['id', 'name', 'type']);
    if (isRefusal(body)) return body;
    const id = readIdField(body.value, 'id', 'env');
    const name = readTextField(body.value, 'name', { most: LONGEST_NAME });
    const type = readIdField(body.value, 'type', 'envType');
    if (!isText(id) || !isText(name) || !isText(type)) return refuseAll(id, name, type);
    audit({ environment: id, env_type: type });
    // Before the type is looked up: who may not deploy to it does not learn here whether it exists.
    const refused = judge('environments.create', { org, app, envType: type });
    if (refused !== undefined) return refused;
    const unknown = refuse('UNKNOWN_ENV_TYPE', `Org '${org}' has no type of environments '${type}'.`);
    if ((await getEnvType(table, org, type)) === undefined) return unknown;

    const path = { org, app };
    const environment = { id, name, type, createdAt: clock.now(), createdBy: caller.id };
    if (!(await putNewEnvironment(table, path, environment))) {
      return refuse('ENVIRONMENT_ID_TAKEN', `App '${app}' has an environment '${id}' already.`);
    }
    // Whoever deletes the type or the app looks for environments first: either they saw this one, or it is seen here.
    const [typeNow, appNow] = await Promise.all([getEnvType(table, org, type), getApp(table, path)]);
    if (typeNow === undefined || appNow === undefined) {
      await deleteEnvironment(table, path, id);
      return appNow === undefined ? NOT_FOUND : unknown;
    }
    const location = `${baseUrl}${request.path}/${id}`;
    return { status: 201, headers: { location }, body: renderEnvironment(environment) };
  };
