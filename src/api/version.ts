import type { Definition } from '../run/definitions.ts';
import type { PipelineRecord } from '../store/pipelines.ts';
import type { RunRecord } from '../store/runs.ts';
import { getVersion, type VersionRecord } from '../store/versions.ts';
import type { ApiDependencies } from './operation.ts';

export type VersionDependencies = Pick<ApiDependencies, 'table' | 'definitions'>;

/** A saved version of a pipeline, compiled. Undefined: the pipeline has no such version. */
export async function loadVersion(
  { table, definitions }: VersionDependencies,
  pipeline: PipelineRecord,
  version: string,
): Promise<Definition | undefined> {
  // The way of every start: what the pipeline points at is its own, and it is in memory.
  if (version === pipeline.version) return definitions.load(pipeline, version, pipeline.version);
  const record = await getVersion(table, pipeline, version, pipeline.version);
  if (record === undefined || !belongsTo(record, pipeline)) return undefined;
  return definitions.load(pipeline, version, pipeline.version);
}

/** Versions of a deleted pipeline stay for its runs; a new one under the same id does not inherit them. */
export const belongsTo = (version: VersionRecord, pipeline: PipelineRecord): boolean =>
  version.createdAt >= pipeline.createdAt;

/** The version that a run follows stays as long as the run does. */
export async function definitionOfRun({ definitions }: VersionDependencies, run: RunRecord): Promise<Definition> {
  const definition = await definitions.load(run, run.version);
  if (definition === undefined) throw new Error(`version ${run.version} of run ${run.run} is missing`);
  return definition;
}
