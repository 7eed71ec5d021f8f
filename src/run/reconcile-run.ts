import { getApproval } from '../store/approvals.ts';
import { getCallback } from '../store/callbacks.ts';
import type { RunPath } from '../store/keys.ts';
import { endAbandonedRun } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord } from '../store/runs.ts';
import { abandonedOutcome, finishAbandoned } from './abandoned-run.ts';
import { calledRuns } from './called-runs.ts';
import { executionName, startExecution } from './execution-of.ts';
import type { Groups } from './groups.ts';
import { measureEnd } from './measure-run.ts';
import { signalRun } from './signal-run.ts';
import { wasDeleted } from './was-deleted.ts';

export type Done = 'started' | 'ended' | 'woken' | 'nothing';

const ENDINGS = {
  succeeded: 'ended without it',
  failed: 'failed',
  'timed-out': 'timed out',
  stopped: 'was stopped',
} as const;

/**
 * Brings a run that is not over, and not waiting for its group, back to what its records say. `full`: the execution of one
 * that is parked is looked at too; else only whether something came for it, for an execution that ends badly says so itself.
 */
export async function reconcileRun(deps: Groups, run: RunRecord, full: boolean): Promise<Done> {
  const { token, wakesAt } = run;
  if (!full && token !== undefined && wakesAt !== undefined && deps.clock.now() < wakesAt)
    return wakeForWhatCame(deps, run);
  const status = await deps.executions.look(executionName(run));
  switch (status) {
    case 'running':
      return wakeForWhatCame(deps, run);
    case 'missing':
      if (await wasDeleted(deps, run)) return 'nothing';
      return (await startExecution(deps.executions, run)) === 'started' ? 'started' : 'nothing';
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'stopped': {
      const outcome = abandonedOutcome(deps, run, `The execution of this run ${ENDINGS[status]}; no job goes on.`);
      const ended = await endAbandonedRun(deps.table, run, run.epoch, outcome);
      // A worker that took the run since was not seen: the next look is about that one.
      if (ended === undefined) return 'nothing';
      measureEnd(deps, run, outcome);
      await finishAbandoned(deps, ended);
      return 'ended';
    }
  }
}

/** Reads a run and looks after it, unless it is over. */
export async function reconcileOne(deps: Groups, path: RunPath): Promise<Done> {
  const run = await getRun(deps.table, path);
  if (run === undefined) return 'nothing';
  if (!isOver(run.status))
    return run.status === 'queued' && run.group !== undefined ? 'nothing' : reconcileRun(deps, run, true);
  await finishAbandoned(deps, run);
  return 'nothing';
}

/** Somebody counted a signal, or decided, and died before the waking. */
async function wakeForWhatCame(deps: Groups, run: RunRecord): Promise<Done> {
  const { token, parkedSignal = 0 } = run;
  if (token === undefined) return 'nothing';
  if (run.signal > parkedSignal) {
    await deps.executions.wake(token);
    return 'woken';
  }
  for (const wait of Object.values(run.waitingFor)) {
    const { kind, id } = WAIT.exec(wait)?.groups ?? {};
    if (kind === undefined || id === undefined || !(await hasCome(deps, run, kind, id))) continue;
    await signalRun(deps, run);
    return 'woken';
  }
  return 'nothing';
}

/** Waits that a signal ends. */
const WAIT = /^(?<kind>approval|callback|run)\((?<id>.+)\)$/;

async function hasCome({ table }: Groups, run: RunRecord, kind: string, id: string): Promise<boolean> {
  switch (kind) {
    case 'approval': {
      const approval = await getApproval(table, { run: run.run, id });
      return approval !== undefined && approval.status !== 'waiting';
    }
    case 'callback':
      return (await getCallback(table, run.run, id))?.posted !== undefined;
    default: {
      const called = (await calledRuns(table, run)).find(path => path.run === id);
      const found = called === undefined ? undefined : await getRun(table, called);
      return found !== undefined && isOver(found.status);
    }
  }
}
