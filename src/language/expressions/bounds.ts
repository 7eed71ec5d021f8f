/** UTF-16 code units between `${{` and `}}`. */
export const MAX_SOURCE = 20_000;

/** Levels of parentheses, calls, indexes and `!`; the parser of `@actions/expressions` has the same. */
export const MAX_DEPTH = 50;

/**
 * Levels of the parsed tree. Each level that the parser counts can hold one node per precedence (or, and, equality,
 * comparison, access); what goes beyond is a chain like `a == b == c …`, which the parser does not count.
 */
export const MAX_TREE_DEPTH = MAX_DEPTH * 5;

/** Bytes of a result, as UTF-8 of its compact JSON (of a string: of its text). */
export const MAX_RESULT = 256 * 1024;

/** Levels of lists and maps in a result and in what `fromJSON` reads. */
export const MAX_DATA_DEPTH = 100;

/** Nodes evaluated plus characters read and written by one evaluation: tens of milliseconds at most. */
export const MAX_WORK = 16 * 1024 * 1024;

/** A bound was passed or a function refused its arguments. Stays inside this folder: `evaluate` makes a value of it. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

/** Counts the work of one evaluation. */
export type Meter = { readonly charge: (units: number) => void };

export function startMeter(limit = MAX_WORK): Meter {
  let spent = 0;
  return {
    charge(units) {
      spent += units;
      if (spent > limit) throw new EvaluationError('it takes too much work: compare, join or format less at once');
    },
  };
}

export function checkLength(name: string, length: number): void {
  if (length > MAX_RESULT) throw new EvaluationError(`the result of ${name} is larger than ${MAX_RESULT / 1024} KiB`);
}
