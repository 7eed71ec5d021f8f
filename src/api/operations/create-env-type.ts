import { clearOldRoles } from '../../store/clear.ts';
import { putNewEnvType, stateOfEnvType } from '../../store/env-types.ts';
import { readJsonObject } from '../body.ts';
import { refuseAll } from '../body-problems.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';
import { isRefusal, type Refusal, refuse } from '../reply.ts';
import { isText, readIdField, readTextField } from '../text-field.ts';
import { formatTime } from '../time.ts';

export const createEnvType =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createEnvType'> =>
  async ({ request, caller, params, audit }) => {
    const body = readJsonObject(request, ['id'], ['description']);
    if (isRefusal(body)) return body;
    const id = readIdField(body.value, 'id', 'envType');
    const description = readTextField({ description: '', ...body.value }, 'description', { least: 0, most: 1_000 });
    if (!isText(id) || !isText(description)) return refuseAll(id, description);
    const type = { org: params.org, id, description, createdAt: clock.now(), createdBy: caller.id };
    const state = await stateOfEnvType(table, type.org, id);
    if (state !== undefined && !(typeof state === 'number' && state <= type.createdAt)) return taken(type, state);
    await clearOldRoles(table, { scope: 'env-type', org: type.org, envType: id }, type.createdAt);
    if (!(await putNewEnvType(table, type))) return taken(type, await stateOfEnvType(table, type.org, id));
    audit({ env_type: id });
    return { status: 201, headers: { location: `${baseUrl}${request.path}/${id}` }, body: renderEnvType(type) };
  };

function taken(
  { org, id }: { readonly org: string; readonly id: string },
  state: Awaited<ReturnType<typeof stateOfEnvType>>,
): Refusal {
  return typeof state === 'number'
    ? refuse(
        'ENV_TYPE_ID_TAKEN',
        `The type of environments '${id}' of org '${org}' was deleted: the id is free again from ${formatTime(state)} on. Take another id.`,
      )
    : refuse('ENV_TYPE_ID_TAKEN', `Org '${org}' has a type of environments '${id}' already.`);
}
