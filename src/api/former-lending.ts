import type { Definition } from '../run/definitions.ts';
import type { PipelineRecord } from '../store/pipelines.ts';
import { type Refusal, refuse } from './reply.ts';
import { loadVersion, type VersionDependencies } from './version.ts';

/**
 * Whoever takes `permissions` out of a pipeline, or changes them, lends by its older versions nothing any more: they start
 * only while the current one lends the same. Undefined: this version may start.
 */
export async function refuseFormerLending(
  deps: VersionDependencies,
  pipeline: PipelineRecord,
  { version, pipeline: { permissions } }: Definition,
): Promise<Refusal | undefined> {
  if (version.version === pipeline.version || permissions === undefined || permissions.kind === 'inherit')
    return undefined;
  // Older versions only: all that `node:util` brings along would cost every cold start 2 ms.
  const { isDeepStrictEqual } = await import('node:util');
  const current = await loadVersion(deps, pipeline, pipeline.version);
  if (current !== undefined && isDeepStrictEqual(current.pipeline.permissions, permissions)) return undefined;
  return refuse(
    'FORBIDDEN',
    `Not allowed: version '${version.version}' lends rights to its runs that the current version of the pipeline does not lend. Start the current one.`,
  );
}
