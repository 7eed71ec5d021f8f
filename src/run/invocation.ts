import type { Action, Clients, RegisteredAction } from '../actions/action.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ids } from '../ports/ids.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { Opens } from '../ports/vault.ts';
import type { AppPath, PipelinePath, RunPath } from '../store/keys.ts';
import type { Definitions } from './definitions.ts';
import type { StartCalled } from './start-called.ts';
import type { Tell } from './tell.ts';

/** What RunJobs answers to the state machine. */
export type Next =
  | { readonly next: 'done' }
  /** Nothing can go on until a signal beyond `signal` or until `seconds` have passed. */
  | { readonly next: 'park'; readonly epoch: number; readonly signal: number; readonly seconds: number }
  /** There is work left, for the next invocation. */
  | { readonly next: 'again' };

export type RunJobs = {
  readonly table: Table;
  /** Of the next in line, when a run of a concurrency group ends. */
  readonly executions: Executions;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly definitions: Definitions;
  readonly vault: Opens;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clients: Clients;
  /** Goes on with the artefacts that wait for a run of this pipeline, when one that artefacts started ends. */
  readonly settleBatch?: (path: PipelinePath) => Promise<void>;
  /** Days that the records of a run are kept after its end. */
  readonly retentionDays: number;
  /** Jobs of one run that execute at the same time. */
  readonly maxParallelJobs: number;
  /** Starts the run that a step calls. */
  readonly startCalled: StartCalled;
  /** Makes what an org registered into an action. */
  readonly actionOf: (registered: RegisteredAction) => Action;
  /** Where a callback with this token is posted to. */
  readonly callbackUrl: (token: string) => string;
  /** Where a person looks at a run. */
  readonly urlOf: (path: RunPath) => string;
  /** `about`: ids of what was at work. */
  readonly report: (message: string, error: unknown, about?: Readonly<Record<string, string>>) => void;
  /** Of what becomes of runs and approvals. Absent: nobody listens. */
  readonly tell?: Tell;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
  /**
   * A run stays in the index of open ones until its end was told: for a home where nobody invokes again what died in
   * between. Step Functions does, so there the two writes are saved, as they are where it answers that nobody would hear of it.
   */
  readonly closesWhenTold?: (path: AppPath) => Promise<boolean>;
};

export type Invocation = {
  /** Milliseconds until the platform ends this invocation; `Infinity` where it never does. */
  remaining(): number;
};
