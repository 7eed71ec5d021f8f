import { putNewEnvType } from '../../store/env-types.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';
import { isRefusal, refuse } from '../reply.ts';
import { isText, readIdField, readTextField } from '../text-field.ts';

export const createEnvType =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createEnvType'> =>
  async ({ request, caller, params, audit }) => {
    const body = readJsonObject(request, ['id'], ['description']);
    if (isRefusal(body)) return body;
    const id = readIdField(body.value, 'id', 'envType');
    if (!isText(id)) return id;
    const description = readTextField({ description: '', ...body.value }, 'description', { least: 0, most: 1_000 });
    if (!isText(description)) return description;
    const type = { org: params.org, id, description, createdAt: clock.now(), createdBy: caller.id };
    if (!(await putNewEnvType(table, type))) {
      return refuse('ENV_TYPE_ID_TAKEN', `Org '${type.org}' has a type of environments '${id}' already.`);
    }
    audit({ env_type: id });
    return { status: 201, headers: { location: `${baseUrl}${request.path}/${id}` }, body: renderEnvType(type) };
  };
