import { callOf } from '../inputs.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { makeSchema, replySchema } from '../render/index.ts';
import { isRefusal, NOT_FOUND } from '../reply.ts';
import { loadVersion } from '../version.ts';

export const getInputsSchema =
  (dependencies: ApiDependencies): Operation<'getInputsSchema'> =>
  async ({ request, loaded, query }) => {
    const definition = await loadVersion(dependencies, loaded, query.version ?? loaded.version);
    if (definition === undefined) return NOT_FOUND;
    const call = callOf(definition.pipeline);
    if (isRefusal(call)) return call;
    const { inputsSchema } = await import('../../language/inputs-schema.ts');
    return replySchema(request, makeSchema(inputsSchema(call)));
  };
