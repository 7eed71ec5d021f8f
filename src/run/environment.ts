import type { Action, Answer, Clients } from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { RunRecord } from '../store/runs.ts';
import type { JobState, Recorder } from './recorder.ts';

/** Why and how far a run is cancelled. `final`: the time for clean-up is over too, nothing begins any more. */
export type Cancellation = { readonly message: string; readonly final: boolean };

/** What one invocation knows about the run it executes. */
export type RunEnvironment = {
  readonly run: RunRecord;
  readonly pipeline: Pipeline;
  /** Contexts that never change in a run: `inputs` and `pipeline`. */
  readonly contexts: Readonly<Record<'inputs' | 'pipeline', JsonObject>>;
  readonly recordOf: (job: string) => JobRecord | undefined;
  readonly recorder: Recorder;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Where a bug shows up in full; the run's records get a fixed text. */
  readonly report: (message: string, error: unknown) => void;
  /** Undefined: the run is not being cancelled. */
  readonly cancellation: () => Cancellation | undefined;
  /** True: no step begins any more in this invocation. */
  readonly draining: () => boolean;
  /** Lets the rest of the process have its turn when the jobs of this run had theirs for long. Undefined: no need. */
  readonly breathe: () => Promise<void> | undefined;
};

/** Why a step is aborted, as the reason of its abort signal. */
export type AbortCause =
  | { readonly kind: 'cancelled' | 'job-timeout' | 'step-timeout'; readonly message: string }
  /** The invocation ends; the step goes on in the next one. */
  | { readonly kind: 'handover' };

/** What came of a step: its action's answer, unless it was cut off. */
export type StepAnswer = Answer | { readonly status: 'aborted'; readonly cause: AbortCause };

/** One job in execution. `step` belongs to the step in flight; aborting it takes an `AbortCause`. */
export type JobRun = { readonly state: JobState; step: AbortController };

/** Milliseconds an action has to end after it was aborted. */
export const ABORT_GRACE = 5_000;
