import { getApp } from '../../store/apps.ts';
import { noteArtefactPipeline } from '../../store/artefact-pipelines.ts';
import { deletePipeline, getPipeline, putNewPipeline } from '../../store/pipelines.ts';
import { dropPendingVersion, putPendingVersion, settleVersion } from '../../store/versions.ts';
import { readDefinition } from '../definition.ts';
import { fileEventTrigger, unfileEventTrigger } from '../event-triggers.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { recordOf } from '../pipeline-record.ts';
import { renderPipeline, replyEntity } from '../render/index.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';
import { judgeAuthor } from '../start-identity.ts';

export const createPipeline =
  (dependencies: ApiDependencies): Operation<'createPipeline'> =>
  async ({ request, caller, params, query, audit }) => {
    const { table, clock, ids, log, baseUrl = '' } = dependencies;
    const definition = await readDefinition(dependencies, request, params.org);
    if (isRefusal(definition)) return definition;
    const { pipeline, text, resolved } = definition;
    const unheld = await judgeAuthor({ table }, pipeline, caller, params);
    if (unheld !== undefined) return unheld;
    const path = { org: params.org, app: params.app, pipeline: pipeline.id ?? ids.uuid() };
    const taken = refuse('PIPELINE_ID_TAKEN', `App '${path.app}' has a pipeline '${path.pipeline}' already.`);
    if (query.dry_run === true) return (await getPipeline(table, path)) === undefined ? NO_CONTENT : taken;

    const version = { ...path, version: ids.ordered(), text, resolved, createdAt: clock.now(), createdBy: caller.id };
    const record = recordOf(version, pipeline, version);
    audit({ pipeline: path.pipeline, version: version.version });
    await Promise.all([
      putPendingVersion(table, version),
      noteArtefactPipeline(table, record, version.createdAt),
      fileEventTrigger(table, version, pipeline),
    ]);
    if (!(await putNewPipeline(table, record))) {
      await Promise.all([
        dropPendingVersion(table, path, version.version),
        unfileEventTrigger({ table, log }, version, pipeline),
      ]);
      return taken;
    }
    // Whoever deletes the app deletes the pipelines that there are: either they saw this one, or that it is gone is seen here.
    if ((await getApp(table, path)) === undefined) {
      await deletePipeline(table, record);
      await Promise.all([
        dropPendingVersion(table, path, version.version),
        unfileEventTrigger({ table, log }, version, pipeline),
      ]);
      return NOT_FOUND;
    }
    await settleVersion(table, path, version.version);
    return replyEntity(201, renderPipeline(record), { location: `${baseUrl}${request.path}/${path.pipeline}` });
  };
