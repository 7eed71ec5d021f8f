import type { Code } from './codes.ts';

/** One mistake in a definition. Codes have their home in `codes.ts` and are explained in `docs/errors.md`. */
export type Diagnostic = {
  readonly code: Code;
  /** What, where, what to do. */
  readonly message: string;
  /** `jobs.deploy.steps[1].with.url`; empty for the whole text. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Where there is a near name: "did you mean `deploy-to-dev`?". */
  readonly hint?: string;
};
