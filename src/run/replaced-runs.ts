import type { Clock } from '../ports/clock.ts';
import { Malformed, readable } from '../store/fields.ts';
import {
  type BrokenWaiter,
  deleteWaiter,
  type GroupPath,
  type GroupState,
  readWaiters,
  type Waiter,
} from '../store/groups.ts';
import { runKey } from '../store/keys.ts';
import { isOver, runOfItem } from '../store/runs.ts';
import { type AfterRun, goOnAfterQueued } from './after-run.ts';
import { stopRun } from './stop-run.ts';

type Stopping = AfterRun & {
  readonly clock: Clock;
  readonly retentionDays: number;
  readonly report: (message: string, error: unknown) => void;
};

/** Runs ended at the same time. */
const BATCH = 50;

/**
 * Cancels the runs of a group that are older than the newest one that wants that: asks those at work to end, ends those
 * in line. At most so many batches of them; the mark stays, so the next who settles the group goes on.
 */
export async function cancelReplaced(
  deps: Stopping,
  group: GroupPath,
  { holders, replacedBy }: GroupState,
  batches: number,
): Promise<void> {
  if (replacedBy === undefined) return;
  const { table, report } = deps;
  const reason = `Cancelled: run ${replacedBy} of the concurrency group '${group.name}' takes its place.`;
  const older = [...holders.values()].filter(({ run }) => run < replacedBy);
  const items = older.length === 0 ? [] : await table.getMany(older.map(runKey), { consistent: true });
  const atWork = items.flatMap(item => {
    const run = item && readable(item, runOfItem, error => report('a run that was replaced cannot be read', error));
    return run === undefined || isOver(run.status) || run.cancellationRequestedAt !== undefined ? [] : [run];
  });
  await Promise.all(
    atWork.map(async run => {
      const stopped = await stopRun(deps, run, reason);
      // It held a slot and had not begun.
      if (stopped.how === 'ended') await goOnAfterQueued(deps, stopped.run);
    }),
  );
  for (let batch = 0; batch < batches; batch += 1) {
    const waiters = await readWaiters(table, group, { limit: BATCH, before: replacedBy });
    if (waiters.length === 0) return;
    await Promise.all(waiters.map(waiter => endWaiter(deps, group, waiter, reason)));
  }
}

async function endWaiter(
  deps: Stopping,
  group: GroupPath,
  waiter: Waiter | BrokenWaiter,
  reason: string,
): Promise<void> {
  try {
    if ('broken' in waiter) throw waiter.broken;
    const stopped = await stopRun(deps, waiter, reason);
    if (stopped.how === 'ended') await goOnAfterQueued(deps, stopped.run);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    deps.report(`run ${waiter.run} was replaced and cannot be read; it leaves its queue`, error);
  }
  await deleteWaiter(deps.table, group, waiter.run);
}
