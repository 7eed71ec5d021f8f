import type { RunRecord } from '../store/runs.ts';
import { breakCircle, isCalledFromGroup } from './group-circle.ts';
import { enqueue, type Groups, groupOf, settleGroup } from './groups.ts';
import { beginningEvents } from './status-events.ts';

/**
 * Gets a run going whose record is there: starts its execution, or puts it into the queue of its group. Repeatable; where
 * it fails, `reconcile` does it.
 */
export async function beginRun(deps: Groups, run: RunRecord): Promise<void> {
  const group = groupOf(run);
  if (group === undefined) {
    const { org, app, pipeline, run: id } = run;
    await deps.executions.start(id, { org, app, pipeline, run: id });
    return;
  }
  await enqueue(deps, group, run);
  // One that has no group begins at once, and its worker tells both.
  await deps.tell?.(beginningEvents(run));
  await settleGroup(deps, group);
  if (await isCalledFromGroup(deps, group, run)) await breakCircle(deps, group);
}
