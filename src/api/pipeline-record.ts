import type { Pipeline } from '../language/pipeline.ts';
import type { PipelineRecord } from '../store/pipelines.ts';
import type { VersionRecord } from '../store/versions.ts';

/** The record of a pipeline that this version is the current one of. `born`: when and by whom the pipeline was created. */
export function recordOf(
  version: VersionRecord,
  definition: Pipeline,
  born: Pick<PipelineRecord, 'createdAt' | 'createdBy'>,
): PipelineRecord {
  const { artefact } = definition.triggers;
  return {
    org: version.org,
    app: version.app,
    pipeline: version.pipeline,
    name: definition.name,
    version: version.version,
    triggers: Object.keys(definition.triggers),
    ...(artefact === undefined ? {} : { artefact: artefact.type }),
    metadata: definition.metadata,
    createdAt: born.createdAt,
    createdBy: born.createdBy,
  };
}
