import type { ExecutionInput } from '../ports/executions.ts';
import type { RunPath } from '../store/keys.ts';
import { claimRun, closeAbandonedRun, endAbandonedRun, nextExecution } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord } from '../store/runs.ts';
import { abandonedOutcome, finishAbandoned } from './abandoned-run.ts';
import { INVOCATIONS_PER_EXECUTION, startExecution } from './execution-of.ts';
import { handOn } from './groups.ts';
import type { Invocation, Next, RunJobs } from './invocation.ts';
import { loadRun } from './load-run.ts';
import { measureBeginning, measureEnd } from './measure-run.ts';
import { Superseded } from './recorder.ts';
import { Unreadable } from './secrets.ts';
import { beginningEvents, runEvents } from './status-events.ts';
import { drive } from './worker.ts';

/** Seconds after which a worker that was cut off has the records looked at again. */
const SUPERSEDED_PAUSE = 60;

/**
 * One invocation: executes every job of the run that can run and returns when the run is over, must wait or must be handed
 * on. Looks at the records and does what is left, so that invoking it once too often does nothing.
 */
export async function runJobs(deps: RunJobs, path: ExecutionInput, invocation: Invocation): Promise<Next> {
  const run = await claimRun(deps.table, path, deps.clock.now());
  // It was over already; whoever ended it may have died before its group went on.
  if (run === undefined) return endOf(deps, path);
  if (run.epoch === 1) measureBeginning(deps, run);
  const telling = tellBeginning(deps, run);
  try {
    const mine = path.execution ?? 0;
    if (mine < run.execution || run.epoch >= (run.execution + 1) * INVOCATIONS_PER_EXECUTION) {
      await moveOn(deps, mine, run);
      return { next: 'done' };
    }
    const loaded = await loadRun(deps, run);
    const next = await drive(deps, loaded, invocation);
    const untold = await telling;
    if (untold !== undefined) throw untold.error;
    if (next.next === 'done') await handOn(deps, run);
    return next;
  } catch (error) {
    if (error instanceof Unreadable) {
      deps.report(`run ${run.run} reads a secret that does not open`, error);
      return (await failRun(deps, run, error.message)) ? { next: 'done' } : endOf(deps, path);
    }
    if (!(error instanceof Superseded)) throw error;
    const now = await getRun(deps.table, path);
    if (now === undefined || isOver(now.status)) return endOf(deps, path);
    return { next: 'park', epoch: now.epoch, signal: now.signal, seconds: SUPERSEDED_PAUSE };
  }
}

/** No job of it can go on. It stays in the index of open runs until all that follows is done, whoever dies on the way. False: it is over. */
async function failRun(deps: RunJobs, run: RunRecord, reason: string): Promise<boolean> {
  const outcome = abandonedOutcome(deps, run, reason);
  const ended = await endAbandonedRun(deps.table, run, run.epoch, outcome);
  if (ended === undefined) return false;
  measureEnd(deps, run, outcome);
  await finishAbandoned(deps, ended);
  return true;
}

/** The run goes on in another execution, and this one ends. It may have begun to, and died. */
async function moveOn(deps: RunJobs, mine: number, run: RunRecord): Promise<void> {
  const moved = mine < run.execution ? run : await nextExecution(deps.table, run);
  if (moved === undefined) throw new Superseded(`run ${run.run} belongs to a later invocation`);
  await startExecution(deps.executions, moved);
}

async function endOf(deps: RunJobs, path: RunPath): Promise<Next> {
  const run = await getRun(deps.table, path);
  if (run !== undefined) {
    await handOn(deps, run);
    // Whoever ended it may have died before it told.
    if (isOver(run.status)) await deps.tell?.(runEvents(run));
    if (isOver(run.status) && deps.closesWhenTold !== undefined) await closeAbandonedRun(deps.table, run);
  }
  return { next: 'done' };
}

/**
 * While the jobs are at work, that the run began: once, and again when whoever was to tell it died. The error, if any, is an
 * answer, for nobody looks at it before the end of the invocation.
 */
async function tellBeginning(deps: RunJobs, run: RunRecord): Promise<{ readonly error: unknown } | undefined> {
  if (run.epoch > 1 && run.released === run.epoch - 1) return undefined;
  try {
    await deps.tell?.(beginningEvents(run));
    return undefined;
  } catch (error) {
    return { error };
  }
}
