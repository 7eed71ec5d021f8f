import type { Action, Clients } from '../actions/action.ts';
import type { Clock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import type { RunPath } from '../store/keys.ts';
import { claimRun, getRun, isOver } from '../store/runs.ts';
import type { Definitions } from './definitions.ts';
import { loadRun } from './load-run.ts';
import { Superseded } from './recorder.ts';
import { drive } from './worker.ts';

/** What RunJobs answers to the state machine. */
export type Next =
  | { readonly next: 'done' }
  /** Nothing can go on until a signal beyond `signal` or until `seconds` have passed. */
  | { readonly next: 'park'; readonly signal: number; readonly seconds: number }
  /** There is work left, for the next invocation. */
  | { readonly next: 'again' };

export type RunJobs = {
  readonly table: Table;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly actions: ReadonlyMap<string, Action>;
  readonly clients: Clients;
  /** Days that the records of a run are kept after its end. */
  readonly retentionDays: number;
  /** Jobs of one run that execute at the same time. */
  readonly maxParallelJobs: number;
  /** Where a person looks at a run. */
  readonly urlOf: (path: RunPath) => string;
  readonly report: (message: string, error: unknown) => void;
};

export type Invocation = {
  /** Milliseconds until the platform ends this invocation; `Infinity` where it never does. */
  remaining(): number;
};

/** Seconds after which a worker that was cut off has the records looked at again. */
const SUPERSEDED_PAUSE = 60;

/**
 * One invocation: executes every job of the run that can run and returns when the run is over, must wait or must be handed
 * on. Looks at the records and does what is left, so that invoking it once too often does nothing.
 */
export async function runJobs(deps: RunJobs, path: RunPath, invocation: Invocation): Promise<Next> {
  const run = await claimRun(deps.table, path, deps.clock.now());
  if (run === undefined) return { next: 'done' };
  try {
    const loaded = await loadRun(deps, run);
    return await drive(deps, loaded, invocation);
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    const now = await getRun(deps.table, path);
    if (now === undefined || isOver(now.status)) return { next: 'done' };
    return { next: 'park', signal: now.signal, seconds: SUPERSEDED_PAUSE };
  }
}
