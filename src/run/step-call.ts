import type { LogLevel } from '../actions/action.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Step } from '../language/pipeline.ts';
import type { StepRecord } from '../store/jobs.ts';
import type { RunEnvironment } from './environment.ts';

/** One step to be executed, or to go on. */
export type StepCall = {
  readonly env: RunEnvironment;
  readonly jobId: string;
  readonly step: Step;
  readonly scope: Scope;
  readonly begun: StepRecord;
  /** Aborted from outside with an `AbortCause`, or here when the time of the step is over. */
  readonly controller: AbortController;
  /** Why the step may not run, although its condition holds. */
  readonly refused?: string;
  readonly log: (level: LogLevel, message: string) => void;
  readonly relate: (entity: string, id: string) => void;
};

/** Tells a step from all others, of other runs too, and stays the same when the step is executed again. */
export function stepId(run: string, job: string, step: Step): string {
  return `${run}/${job}/${step.id ?? step.index}`;
}
