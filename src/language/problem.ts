import type { Code } from './codes.ts';
import type { Hint } from './near-name.ts';
import type { Path } from './path.ts';

/** A mistake and which value of the definition it is about; the document knows where in the text that stands. */
export type Problem = {
  readonly code: Code;
  readonly message: string;
  readonly path: Path;
  /**
   * `key`: the key itself (an unknown one, or one whose map lacks something). A number: the place inside the text of the
   * value, in UTF-16 code units. Absent: the value.
   */
  readonly at?: 'key' | number;
  /** The place in the whole text, where a path cannot tell: the second of two equal keys. */
  readonly offset?: number | undefined;
  readonly hint?: Hint | undefined;
};

/** Takes problems as they are found, in any order. */
export type Report = (problem: Problem) => void;
