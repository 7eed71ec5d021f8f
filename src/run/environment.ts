import type {
  Action,
  Answer,
  Clients,
  OrchestratorAccess,
  StepDecision,
  StepPermission,
  StepResource,
} from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { Opens } from '../ports/vault.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { RunRecord } from '../store/runs.ts';
import type { Groups } from './groups.ts';
import type { RunIdentity } from './identity.ts';
import type { JobState, Recorder } from './recorder.ts';
import type { Redactor } from './redactor.ts';
import type { SecretViews } from './secret-views.ts';
import type { StartCalled } from './start-called.ts';
import type { Tell } from './tell.ts';

/** Why and how far a run is cancelled. `final`: the time for clean-up is over too, nothing begins any more. */
export type Cancellation = { readonly message: string; readonly final: boolean };

/** What one invocation knows about the run it executes. */
export type RunEnvironment = {
  readonly run: RunRecord;
  readonly pipeline: Pipeline;
  /** Contexts that never change in an invocation, without any secret: what reads one gets `inputs` and `app` from `secrets`. */
  readonly contexts: Readonly<Record<'inputs' | 'pipeline' | 'app', JsonObject>>;
  readonly secrets: SecretViews;
  readonly recordOf: (job: string) => JobRecord | undefined;
  readonly table: Table;
  readonly vault: Opens;
  /** Who the run acts as. */
  readonly identity: RunIdentity;
  /** What a step (by its id) may do; a refusal is recorded. */
  readonly may: (permission: StepPermission, resource: StepResource, stepId: string) => Promise<StepDecision>;
  /** Records that a part of the run was not given a secret that it names. */
  readonly noteRefusal: (reason: string, part: { readonly step?: string; readonly job?: string }) => Promise<void>;
  /** Opens the token of the org's orchestrator; the redactor knows it then. */
  readonly orchestrator: () => Promise<OrchestratorAccess>;
  /** Environments that the run has to do with; they become part of its record with the next one. */
  readonly envIds: Set<string>;
  /** Seconds since the epoch: when what is written beside the run may vanish. */
  readonly expiresAt: number;
  /** Passed by everything that leaves a step, a job or the run. */
  readonly redactor: Redactor;
  readonly recorder: Recorder;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Absent: nobody listens. */
  readonly tell?: Tell;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
  readonly ids: Ids;
  readonly callbackUrl: (token: string) => string;
  readonly runUrl: string;
  /** What it takes to cancel a run that a step called. */
  readonly groups: Groups;
  readonly startCalled: StartCalled;
  /** Where a bug shows up in full; the run's records get a fixed text. `about`: the job, the step. */
  readonly report: (message: string, error: unknown, about?: Readonly<Record<string, string>>) => void;
  /** Undefined: the run is not being cancelled. */
  readonly cancellation: () => Cancellation | undefined;
  /** True: no step begins any more in this invocation. */
  readonly draining: () => boolean;
  /** The times of a job are to be judged anew, now. */
  readonly judgeTimes: () => void;
  /** True: nobody drives the run in this invocation any more, so nothing of it may happen. */
  readonly ended: () => boolean;
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
