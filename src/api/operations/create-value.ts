import { getApp } from '../../store/apps.ts';
import { deleteValue, putNewValue } from '../../store/values.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { replyEntity } from '../render/index.ts';
import { renderValue } from '../render/value.ts';
import { isRefusal, NOT_FOUND, refuse } from '../reply.ts';
import { checkRoom, makeContent, readValueBody } from '../value-body.ts';

export const createValue =
  (dependencies: ApiDependencies): Operation<'createValue'> =>
  async ({ request, loaded, audit }) => {
    const { table, clock, baseUrl = '' } = dependencies;
    const given = readValueBody(request, ['key', 'value'], ['is_secret', 'description']);
    if (isRefusal(given)) return given;
    const { key = '', value = '', secret = false, description = '' } = given;
    const kept = await makeContent(dependencies, loaded, value, secret);
    if (isRefusal(kept)) return kept;
    const full = await checkRoom(dependencies, loaded, key, kept.bytes);
    if (full !== undefined) return full;
    const now = clock.now();
    const record = { key, description, createdAt: now, updatedAt: now, revision: 1, ...kept };
    audit({ key, is_secret: String(secret) });
    if (!(await putNewValue(table, loaded, record))) {
      return refuse('VALUE_KEY_TAKEN', `The app has a value '${key}' already; change it with PUT or PATCH.`);
    }
    // Whoever deletes the app clears the values that there are: either they saw this one, or that it is gone is seen here.
    if ((await getApp(table, loaded)) === undefined) {
      await deleteValue(table, loaded, key);
      return NOT_FOUND;
    }
    return replyEntity(201, renderValue(record), { location: `${baseUrl}${request.path}/${key}` });
  };
