import type { RunPath } from '../store/keys.ts';
import { claimRun, getRun, isOver } from '../store/runs.ts';
import type { Invocation, Next, RunJobs } from './invocation.ts';
import { loadRun } from './load-run.ts';
import { Superseded } from './recorder.ts';
import { drive } from './worker.ts';

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
    return { next: 'park', epoch: now.epoch, signal: now.signal, seconds: SUPERSEDED_PAUSE };
  }
}
