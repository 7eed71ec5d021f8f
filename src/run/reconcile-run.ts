import { getApproval } from '../store/approvals.ts';
import { getCallback } from '../store/callbacks.ts';
import { listJobs } from '../store/jobs.ts';
import type { RunPath } from '../store/keys.ts';
import { endAbandonedRun } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord } from '../store/runs.ts';
import { tidyAbandonedRun } from './abandoned-run.ts';
import { cancelRun } from './cancel-run.ts';
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
  const reason = `Cancelled: run ${run.run}, which called it, is over.`;
  for (const called of await calledRuns(deps.table, run)) await cancelRun(deps, called, reason);
  await tidyAbandonedRun(deps.table, run);
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

/** The runs that steps of this one wait for: what they left in their state is the way to them. */
async function calledRuns(table: Groups['table'], run: RunRecord): Promise<readonly RunPath[]> {
  const jobs = await listJobs(table, run.run, true);
  return [...jobs.values()]
    .flatMap(({ steps }) => steps)
    .flatMap(step => {
      if (step?.wait === undefined || !step.wait.for.startsWith('run(')) return [];
      const { app, pipeline, run: id } = step.wait.state;
      if (typeof app !== 'string' || typeof pipeline !== 'string' || typeof id !== 'string') return [];
      return [{ org: run.org, app, pipeline, run: id }];
    });
}
