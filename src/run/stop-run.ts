import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { RunPath } from '../store/keys.ts';
import { endQueuedRun, type RunOutcome } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';
import { measureEnd } from './measure-run.ts';
import { signalRun } from './signal-run.ts';

const DAY = 86_400;

type Stopping = {
  readonly table: Table;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly retentionDays: number;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
};

/** `over`: it ended before. `missing`: there is no such run. */
export type Stopped =
  | { readonly how: 'ended'; readonly run: RunRecord }
  | { readonly how: 'requested' | 'over' | 'missing' };

/** Ends a run that did not begin, and asks one that executes to end. Its group is left as it is. `reason`: why, where no person asked. */
export async function stopRun(deps: Stopping, path: RunPath, reason?: string): Promise<Stopped> {
  const at = deps.clock.now();
  const outcome: RunOutcome = {
    status: 'cancelled',
    message: reason ?? 'Cancelled on request, before it began.',
    completedAt: at,
    expiresAt: Math.ceil(at / 1_000) + deps.retentionDays * DAY,
  };
  const queued = await endQueuedRun(deps.table, path, outcome, at);
  if (queued.run === undefined) return { how: 'missing' };
  if (queued.done) {
    measureEnd(deps, queued.run, outcome);
    return { how: 'ended', run: queued.run };
  }
  const signalled = await signalRun(deps, path, { cancel: { at, ...(reason === undefined ? {} : { reason }) } });
  if (signalled.done) return { how: 'requested' };
  return { how: signalled.run === undefined ? 'missing' : 'over' };
}
