import type { Code } from '../codes.ts';
import type { Segment } from '../expressions/template.ts';
import type { Job, Pipeline } from '../pipeline.ts';
import type { ActionShapes } from '../shape/shape.ts';

/** One reference of an expression, without its context, and what it is judged by. */
export type Question = {
  readonly segments: readonly Segment[];
  readonly pipeline: Pipeline;
  /** The job and the index of the step that the expression is part of. */
  readonly job: Job | undefined;
  readonly step: number | undefined;
  readonly actions: ActionShapes;
};

/** What is wrong with it. `at`: the name to point at. `near`: what could have been meant. */
export type Finding = {
  readonly at: Segment;
  readonly code: Code;
  readonly message: string;
  readonly near?: readonly string[];
};
