import { deleteWaiter } from '../store/groups.ts';
import type { RunPath } from '../store/keys.ts';
import { type Groups, groupOf, settleGroup } from './groups.ts';
import { type Stopped, stopRun } from './stop-run.ts';

/** Ends a run that did not begin, and asks one that executes to end. `reason`: why, where no person asked. */
export async function cancelRun(deps: Groups, path: RunPath, reason?: string): Promise<Stopped['how']> {
  const stopped = await stopRun(deps, path, reason);
  const group = stopped.how === 'ended' ? groupOf(stopped.run) : undefined;
  if (group === undefined) return stopped.how;
  try {
    await deleteWaiter(deps.table, group, path.run);
    // It may have held a slot and not begun yet.
    await settleGroup(deps, group);
  } catch (error) {
    // The run is cancelled, whatever trouble its group is in.
    deps.report(`run ${path.run} was cancelled; its concurrency group '${group.name}' waits for reconcile`, error);
  }
  return stopped.how;
}
