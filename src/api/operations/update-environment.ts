import { renameEnvironment } from '../../store/environments.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvironment } from '../render/places.ts';
import { isRefusal, NOT_FOUND } from '../reply.ts';
import { isText, LONGEST_NAME, readTextField } from '../text-field.ts';

export const updateEnvironment =
  ({ table }: ApiDependencies): Operation<'updateEnvironment'> =>
  async ({ request, params: { org, app }, loaded, judge, audit }) => {
    audit({ env_type: loaded.type });
    const refused = judge('environments.update', { org, app, envType: loaded.type });
    if (refused !== undefined) return refused;
    const body = readJsonObject(request, ['name']);
    if (isRefusal(body)) return body;
    const name = readTextField(body.value, 'name', { most: LONGEST_NAME });
    if (!isText(name)) return name;
    const environment = await renameEnvironment(table, { org, app }, loaded.id, name);
    return environment === undefined ? NOT_FOUND : { status: 200, body: renderEnvironment(environment) };
  };
