import { getApproval } from '../store/approvals.ts';
import type { RunPath } from '../store/keys.ts';
import { endAbandonedRun } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord } from '../store/runs.ts';
import { tidyAbandonedRun } from './abandoned-run.ts';
import { executionName, startExecution } from './execution-of.ts';
import { type Groups, handOn } from './groups.ts';
import { signalRun } from './signal-run.ts';

export type Done = 'started' | 'ended' | 'woken' | 'nothing';

const DAY = 86_400;

const ENDINGS = {
  succeeded: 'ended without it',
  failed: 'failed',
  'timed-out': 'timed out',
  stopped: 'was stopped',
} as const;

/** Brings a run that is not over, and not waiting for its group, back to what its records say. */
export async function reconcileRun(deps: Groups, run: RunRecord): Promise<Done> {
  const status = await deps.executions.look(executionName(run));
  switch (status) {
    case 'running':
      return wakeForWhatCame(deps, run);
    case 'missing':
      return (await startExecution(deps.executions, run)) === 'started' ? 'started' : 'nothing';
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'stopped': {
      const completedAt = deps.clock.now();
      const ended = await endAbandonedRun(deps.table, run, run.epoch, {
        status: 'failed',
        message: `The execution of this run ${ENDINGS[status]}; no job goes on.`,
        completedAt,
        expiresAt: Math.ceil(completedAt / 1_000) + deps.retentionDays * DAY,
      });
      // A worker that took the run since was not seen: the next look is about that one.
      if (ended === undefined) return 'nothing';
      await finishAbandoned(deps, ended);
      return 'ended';
    }
  }
}

/** A run that is over and still in the index of open ones: whoever ended it died before all was done. */
export async function finishAbandoned(deps: Groups, run: RunRecord): Promise<void> {
  await handOn(deps, run);
  await tidyAbandonedRun(deps, run);
}

/** Reads a run and looks after it, unless it is over. */
export async function reconcileOne(deps: Groups, path: RunPath): Promise<Done> {
  const run = await getRun(deps.table, path);
  if (run === undefined) return 'nothing';
  if (!isOver(run.status))
    return run.status === 'queued' && run.group !== undefined ? 'nothing' : reconcileRun(deps, run);
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
    const id = /^approval\((.+)\)$/.exec(wait)?.[1];
    if (id === undefined) continue;
    const approval = await getApproval(deps.table, { run: run.run, id });
    if (approval === undefined || approval.status === 'waiting') continue;
    await signalRun(deps, run);
    return 'woken';
  }
  return 'nothing';
}
