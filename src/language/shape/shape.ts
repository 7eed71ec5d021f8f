import type { Json, JsonSchema } from '../../json.ts';
import type { Expression } from '../expressions/template.ts';
import type { Path } from '../path.ts';
import type { Problem, Report } from '../problem.ts';

/**
 * How one value of a definition is written: its JSON Schema, for editors, beside the reading of it. A mistake is reported
 * and reading goes on with a stand-in, so that everything is found in one pass; a definition with problems is thrown away.
 */
export type Shape<T> = {
  readonly schema: JsonSchema;
  /** `undefined`: the key is not there; answers the default and reports nothing. */
  readonly read: (value: Json | undefined, place: Place) => T;
};

/** Where a value is, and what was found so far. */
export type Place = {
  readonly path: Path;
  /** The job and the step that the value is part of; decides what its expressions see. */
  readonly site: Site;
  readonly reading: Reading;
};

export type Site = { readonly job?: string; readonly step?: number };

export type Reading = {
  readonly actions: ActionShapes;
  /** What `uses` of a saved version meant when it was saved, by how it is written. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly report: Report;
  /** Every expression of the definition, for the checks that need the whole. */
  readonly uses: ExpressionUse[];
  /** Schemas inside the declarations of inputs; all of them together are limited. */
  readonly tally: { schemas: number };
};

/** `path`: the string that holds the expression. */
export type ExpressionUse = { readonly expression: Expression; readonly path: Path; readonly site: Site };

/** What a definition may say to an action and what it answers. By key: `actions/humanitec/log@v1`. */
export type ActionShapes = ReadonlyMap<string, ActionShape>;

export type ActionShape = {
  /** One sentence about it; absent: nobody said. */
  readonly summary?: string;
  readonly inputs: JsonSchema;
  readonly outputs: JsonSchema;
  /** The codes it may fail with, each with its reason; absent: not known. */
  readonly errors?: Readonly<Record<string, string>>;
};

export function inside(place: Place, part: string | number): Place {
  return { ...place, path: [...place.path, part] };
}

export function report(place: Place, problem: Omit<Problem, 'path'>): void {
  place.reading.report({ ...problem, path: place.path });
}
