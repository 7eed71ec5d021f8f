import type { Definition, Definitions } from '../../run/definitions.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { type Refusal, refuse } from '../reply.ts';

/**
 * The current version. One that this release of the product refuses is a matter of its pipeline, not of the platform, and is
 * tried again by nobody.
 */
export async function loadCurrent(
  definitions: Definitions,
  path: PipelinePath,
  version: string,
): Promise<Definition | Refusal | undefined> {
  try {
    return await definitions.load(path, version, version);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'UnreadableDefinition') throw error;
    return refuse('INVALID_DEFINITION', `The ${error.message}. Save the pipeline again.`);
  }
}
