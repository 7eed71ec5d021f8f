import type { Json } from '../json.ts';
import { readDocument } from './document/read-document.ts';
import { isList, isMap } from './json-kind.ts';
import { readUses } from './keys/uses.ts';
import type { Pipeline } from './pipeline.ts';

/** An action as a definition names it. `version` absent: the newest. */
export type NamedAction = { readonly name: string; readonly version?: number };

/**
 * The actions that a definition names, whatever else is wrong with it: what has to be known of before it is checked.
 * Empty when it cannot be read at all.
 */
export function namedActions(text: string): readonly NamedAction[] {
  const read = readDocument(text);
  if ('diagnostics' in read) return [];
  const found = new Map<string, NamedAction>();
  for (const job of entriesOf(fieldOf(read.document.value, 'jobs'))) {
    for (const step of entriesOf(fieldOf(job, 'steps'))) {
      const uses = fieldOf(step, 'uses');
      if (typeof uses !== 'string' || uses.length > 200) continue;
      found.set(uses, readUses(uses));
    }
  }
  return [...found.values()];
}

/** What every `uses` of a definition means, by how it is written; kept with a saved version. */
export function resolvedUses({ jobs }: Pipeline): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.flatMap(({ steps }) => steps.map(({ uses, action }) => [uses, action])));
}

const fieldOf = (value: Json | undefined, name: string): Json | undefined =>
  isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const entriesOf = (value: Json | undefined): readonly Json[] =>
  isList(value) ? value : isMap(value) ? Object.values(value) : [];
