import { dropArtefactPipeline, noteArtefactPipeline } from '../../store/artefact-pipelines.ts';
import { replacePipeline } from '../../store/pipelines.ts';
import { dropPendingVersion, putPendingVersion, settleVersion } from '../../store/versions.ts';
import { readDefinition } from '../definition.ts';
import { fileEventTrigger, unfileEventTrigger } from '../event-triggers.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { recordOf } from '../pipeline-record.ts';
import { checkIfMatch, renderPipeline, replyEntity } from '../render/index.ts';
import { isRefusal, NO_CONTENT, refuse } from '../reply.ts';
import { judgeAuthor } from '../start-identity.ts';
import { loadVersion } from '../version.ts';

export const updatePipeline =
  (dependencies: ApiDependencies): Operation<'updatePipeline'> =>
  async ({ request, caller, loaded: before, query, audit }) => {
    const { table, clock, ids, log } = dependencies;
    const unchanged = renderPipeline(before);
    const mismatch = checkIfMatch(request, unchanged);
    if (mismatch !== undefined) return mismatch;
    const definition = await readDefinition(dependencies, request, before.org);
    if (isRefusal(definition)) return definition;
    const { pipeline, text, resolved } = definition;
    if (pipeline.id !== undefined && pipeline.id !== before.pipeline) {
      return refuse(
        'PIPELINE_ID_MISMATCH',
        `The definition says id '${pipeline.id}', but the id of this pipeline is '${before.pipeline}' and cannot change.`,
      );
    }
    const unheld = await judgeAuthor({ table }, pipeline, caller, before);
    if (unheld !== undefined) return unheld;
    if (query.dry_run === true) return NO_CONTENT;
    // Whoever made the current version may have died before settling it; pointing away from it would let it expire.
    await settleVersion(table, before, before.version);
    // The very same text is no change: a client that repeats its request makes no versions. But a name without a version
    // may mean a newer action by now, and where runs live on the
    // roles of the version's author, somebody else who saves it takes that over.
    const current = await loadVersion(dependencies, before, before.version);
    const lends = pipeline.permissions !== undefined && pipeline.permissions.kind !== 'inherit';
    const sameAuthor = !lends || current?.version.createdBy === caller.id;
    if (sameAuthor && current?.version.text === text && isSame(current.version.resolved, resolved)) {
      audit({ pipeline: before.pipeline, version: before.version });
      return replyEntity(200, unchanged);
    }

    const version = {
      org: before.org,
      app: before.app,
      pipeline: before.pipeline,
      version: ids.ordered(),
      text,
      resolved,
      createdAt: clock.now(),
      createdBy: caller.id,
    };
    const record = recordOf(version, pipeline, before);
    audit({ pipeline: before.pipeline, version: version.version });
    await Promise.all([
      putPendingVersion(table, version),
      noteArtefactPipeline(table, record, version.createdAt),
      fileEventTrigger(table, version, pipeline),
    ]);
    if (!(await replacePipeline(table, record, before.version))) {
      await Promise.all([
        dropPendingVersion(table, before, version.version),
        unfileEventTrigger({ table, log }, version, pipeline),
      ]);
      return refuse('CHANGED_MEANWHILE', 'Another request changed or deleted the pipeline at the same time.');
    }
    await Promise.all([
      settleVersion(table, before, version.version),
      dropArtefactPipeline(table, before, record),
      current === undefined ? undefined : unfileEventTrigger({ table, log }, current.version, current.pipeline),
    ]);
    return replyEntity(200, renderPipeline(record));
  };

/** Both are of one text, so they have the same keys. */
const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.entries(a).every(([uses, key]) => b[uses] === key);
