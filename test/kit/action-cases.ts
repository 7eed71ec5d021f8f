import type { JsonObject } from '../../src/json.ts';

/** What every action has to be seen with, in a run through the API. */
export const CASE_KINDS = [
  'success',
  'failure',
  'time-out',
  // While the step is in flight.
  'cancel',
  // While the step waits: its worker dies, and the next one goes on.
  'worker-death',
  // In every input that may hold one.
  'secret',
] as const;

export type CaseKind = (typeof CASE_KINDS)[number];

type Pair = {
  /** Its key: `actions/humanitec/log@v1`. */
  readonly action: string;
  readonly kind: CaseKind;
};

export type TestedCase = Pair & {
  /** Tells rows of the same pair apart. */
  readonly name?: string;
  /** Of the job `only`; the step that the case is about has the id `it`. */
  readonly steps: readonly JsonObject[];
  /** Of the run. The declared ones are all strings, and `secret` is a secret. */
  readonly inputs?: JsonObject;
  readonly expected: {
    readonly run: 'succeeded' | 'failed' | 'cancelled';
    readonly step: 'succeeded' | 'failed' | 'cancelled';
    /** Its message begins with it. */
    readonly code?: string;
    /** Of the step, or a part of them. */
    readonly outputs?: JsonObject;
    /** What `waiting_for` of the job begins with, as long as the step waits: `time(`. */
    readonly waitsFor?: string;
  };
};

/** `none`: why there is nothing to test, in words. */
export type UntestedCase = Pair & { readonly none: string };

/** One row; `Extra` is what stand-ins and bystanders of a test do in it. */
export type ActionCase<Extra extends object = object> = UntestedCase | (TestedCase & Extra);

export const isTested = <Extra extends object>(row: ActionCase<Extra>): row is TestedCase & Extra => !('none' in row);

/** Pairs of an action and a kind that no row speaks about. */
export function missingPairs(actions: Iterable<string>, rows: readonly Pair[]): readonly string[] {
  const found = new Set(rows.map(({ action, kind }) => `${action} ${kind}`));
  return [...actions].flatMap(action => CASE_KINDS.map(kind => `${action} ${kind}`)).filter(pair => !found.has(pair));
}
