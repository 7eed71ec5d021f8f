import { getPipeline, putNewPipeline } from '../../store/pipelines.ts';
import { dropPendingVersion, putPendingVersion, settleVersion } from '../../store/versions.ts';
import { readDefinition } from '../definition.ts';
import { fileEventTrigger, unfileEventTrigger } from '../event-triggers.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { recordOf } from '../pipeline-record.ts';
import { renderPipeline, replyEntity } from '../render/index.ts';
import { isRefusal, NO_CONTENT, refuse } from '../reply.ts';
import { judgeAuthor } from '../start-identity.ts';

export const createPipeline =
  ({ table, clock, ids, actions, log, baseUrl = '' }: ApiDependencies): Operation<'createPipeline'> =>
  async ({ request, caller, params, query }) => {
    const definition = await readDefinition(request, await actions());
    if (isRefusal(definition)) return definition;
    const { pipeline, text } = definition;
    const unheld = await judgeAuthor({ table }, pipeline, caller, params);
    if (unheld !== undefined) return unheld;
    const path = { org: params.org, app: params.app, pipeline: pipeline.id ?? ids.uuid() };
    const taken = refuse('PIPELINE_ID_TAKEN', `App '${path.app}' has a pipeline '${path.pipeline}' already.`);
    if (query.dry_run === true) return (await getPipeline(table, path)) === undefined ? NO_CONTENT : taken;

    const version = { ...path, version: ids.ordered(), text, createdAt: clock.now(), createdBy: caller.id };
    const record = recordOf(version, pipeline, version);
    await Promise.all([putPendingVersion(table, version), fileEventTrigger(table, version, pipeline)]);
    if (!(await putNewPipeline(table, record))) {
      await Promise.all([
        dropPendingVersion(table, path, version.version),
        unfileEventTrigger({ table, log }, version, pipeline),
      ]);
      return taken;
    }
    await settleVersion(table, path, version.version);
    return replyEntity(201, renderPipeline(record), { location: `${baseUrl}${request.path}/${path.pipeline}` });
  };
