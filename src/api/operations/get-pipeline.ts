import type { ApiDependencies, Operation } from '../operation.ts';
import { recordOf } from '../pipeline-record.ts';
import { renderPipeline, replyEntity } from '../render/index.ts';
import { NOT_FOUND } from '../reply.ts';
import { loadVersion } from '../version.ts';

/** With `version`: the pipeline as that version describes it. */
export const getPipeline =
  (dependencies: ApiDependencies): Operation<'getPipeline'> =>
  async ({ loaded, query }) => {
    if (query.version === undefined) return replyEntity(200, renderPipeline(loaded));
    const definition = await loadVersion(dependencies, loaded, query.version);
    if (definition === undefined) return NOT_FOUND;
    return replyEntity(200, renderPipeline(recordOf(definition.version, definition.pipeline, loaded)));
  };
