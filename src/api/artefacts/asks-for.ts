import type { Pipeline } from '../../language/pipeline.ts';
import type { ArtefactRecord } from '../../store/artefacts.ts';

/** Does a run of the pipeline start for this artefact? */
export async function asksFor({ triggers }: Pipeline, { body }: ArtefactRecord): Promise<boolean> {
  if (triggers.artefact === undefined) return false;
  // Loaded when artefacts come: most requests do without regular expressions.
  const { matchesArtefact } = await import('../../language/match-artefact.ts');
  const { type, name, ref } = body;
  return matchesArtefact(triggers.artefact, {
    type: String(type),
    name: String(name),
    ...(typeof ref === 'string' ? { ref } : {}),
  });
}
