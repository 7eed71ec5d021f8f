import { allWaiters, type GroupPath, readGroup } from '../store/groups.ts';
import type { RunPath } from '../store/keys.ts';
import type { RunRecord } from '../store/runs.ts';
import { cancelRun } from './cancel-run.ts';
import { enqueue, type Groups, groupOf, settleGroup } from './groups.ts';
import { beginningEvents } from './status-events.ts';

/**
 * Gets a run going whose record is there: starts its execution, or puts it into the queue of its group. Repeatable; where
 * it fails, `reconcile` does it. `cancelOthers`: the group shall have no run but this one.
 */
export async function beginRun(deps: Groups, run: RunRecord, cancelOthers: boolean): Promise<void> {
  const group = groupOf(run);
  if (group === undefined) {
    const { org, app, pipeline, run: id } = run;
    await deps.executions.start(id, { org, app, pipeline, run: id });
    return;
  }
  await enqueue(deps, group, run);
  // One that has no group begins at once, and its worker tells both.
  await deps.tell?.(beginningEvents(run));
  if (cancelOthers) await cancelOlder(deps, group, run);
  await settleGroup(deps, group);
}

/** The newest wins: only runs that were created before this one are cancelled. */
async function cancelOlder(deps: Groups, group: GroupPath, run: RunRecord): Promise<void> {
  const older: RunPath[] = [];
  for await (const waiter of allWaiters(deps.table, group, run.run)) older.push(waiter);
  const { holders } = await readGroup(deps.table, group);
  for (const holder of holders.values()) if (holder.run < run.run) older.push(holder);
  const reason = `Cancelled: run ${run.run} of the concurrency group '${group.name}' takes its place.`;
  for (const path of older) await cancelRun(deps, path, reason);
}
