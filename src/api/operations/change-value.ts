import { isSecret, replaceValue as putValue, type ValueRecord } from '../../store/values.ts';
import type { ApiDependencies, ApiRequest, Operation, Recording } from '../operation.ts';
import { checkIfMatch, replyEntity } from '../render/index.ts';
import { renderValue } from '../render/value.ts';
import { isRefusal, type Refusal, type Reply, refuse } from '../reply.ts';
import { checkRoom, type GivenValue, makeContent, readValueBody } from '../value-body.ts';

type Change = {
  readonly request: ApiRequest;
  readonly params: { readonly org: string; readonly app: string };
  readonly loaded: ValueRecord;
  readonly audit: Recording['audit'];
};

export const replaceValue =
  (dependencies: ApiDependencies): Operation<'replaceValue'> =>
  async call => {
    const given = readValueBody(call.request, ['value'], ['key', 'is_secret', 'description']);
    if (isRefusal(given)) return given;
    if (given.key !== undefined && given.key !== call.loaded.key) {
      return refuse('INVALID_BODY', `The body names the key '${given.key}', the path '${call.loaded.key}'.`);
    }
    return change(dependencies, call, { description: '', ...given });
  };

export const updateValue =
  (dependencies: ApiDependencies): Operation<'updateValue'> =>
  async call => {
    const given = readValueBody(call.request, [], ['value', 'description']);
    return isRefusal(given) ? given : change(dependencies, call, given);
  };

async function change(dependencies: ApiDependencies, call: Change, given: GivenValue): Promise<Reply | Refusal> {
  const { request, params, loaded: before, audit } = call;
  const mismatch = checkIfMatch(request, renderValue(before));
  if (mismatch !== undefined) return mismatch;
  const { value, secret = isSecret(before), description = before.description } = given;
  const kept = value === undefined ? before : await makeContent(dependencies, params, value, secret);
  if (isRefusal(kept)) return kept;
  const full = value === undefined ? undefined : await checkRoom(dependencies, params, before.key, kept.bytes);
  if (full !== undefined) return full;
  const record: ValueRecord = {
    ...before,
    description,
    bytes: kept.bytes,
    content: kept.content,
    // Two changes of one millisecond are two etags.
    updatedAt: Math.max(dependencies.clock.now(), before.updatedAt + 1),
    revision: before.revision + 1,
  };
  audit({ is_secret: String(isSecret(record)) });
  if (await putValue(dependencies.table, params, record)) return replyEntity(200, renderValue(record));
  return refuse('CHANGED_MEANWHILE', 'Another request changed or deleted the value at the same time.');
}
