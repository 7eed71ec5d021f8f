import { answerStart } from '../answer-start.ts';
import { readJsonObject } from '../body.ts';
import { idempotencyOf } from '../idempotency.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { isRefusal, NOT_FOUND } from '../reply.ts';
import type { StartRequest } from '../start-run.ts';
import { loadVersion } from '../version.ts';

export const createRun =
  (dependencies: ApiDependencies): Operation<'createRun'> =>
  async call => {
    const { request, caller, loaded, query } = call;
    const body = readJsonObject(request, ['inputs']);
    if (isRefusal(body)) return body;
    const definition = await loadVersion(dependencies, loaded, query.version ?? loaded.version);
    if (definition === undefined) return NOT_FOUND;
    const same = { operation: 'createRun', version: query.version ?? null, body: body.value };
    const key = request.headers['idempotency-key'];
    const idempotency = idempotencyOf(key, dependencies.keys.fingerprint, loaded, caller.id, same);
    if (idempotency !== undefined && isRefusal(idempotency)) return idempotency;
    const start: StartRequest = {
      path: loaded,
      definition,
      caller,
      trigger: 'pipeline_call',
      inputs: body.value.inputs,
      idempotency,
      requestId: request.requestId,
    };
    return answerStart(dependencies, call, start, request.path);
  };
