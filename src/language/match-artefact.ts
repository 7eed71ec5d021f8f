import type { ArtefactTrigger } from './pipeline.ts';
import { linearPattern } from './schema/linear-pattern.ts';

export type NamedArtefact = { readonly type: string; readonly name: string; readonly ref?: string };

/**
 * Does a new version of this artefact start runs of the pipeline? A pattern matches the whole name, as it does for
 * `match-ref`: `registry.example.com/shop/web` means that one image, not every name that it is a part of.
 */
export function matchesArtefact(trigger: ArtefactTrigger, { type, name, ref }: NamedArtefact): boolean {
  if (trigger.type !== type) return false;
  if (trigger.matchRef !== undefined && (ref === undefined || !linearPattern(trigger.matchRef).whole(ref)))
    return false;
  return trigger.include.some(pattern => linearPattern(pattern).whole(name));
}
