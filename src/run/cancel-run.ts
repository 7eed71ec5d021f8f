import { deleteWaiter } from '../store/groups.ts';
import type { RunPath } from '../store/keys.ts';
import { goOnAfterQueued } from './after-run.ts';
import { type Groups, groupOf, settleGroup } from './groups.ts';
import { type Stopped, stopRun } from './stop-run.ts';

/** Ends a run that did not begin, and asks one that executes to end. `reason`: why, where no person asked. */
export async function cancelRun(deps: Groups, path: RunPath, reason?: string): Promise<Stopped['how']> {
  const stopped = await stopRun(deps, path, reason);
  if (stopped.how !== 'ended') return stopped.how;
  const group = groupOf(stopped.run);
  try {
    if (group !== undefined) {
      await deleteWaiter(deps.table, group, path.run);
      // It may have held a slot and not begun yet.
      await settleGroup(deps, group);
    }
    await goOnAfterQueued(deps, stopped.run);
  } catch (error) {
    // The run is cancelled, whatever trouble those who wait for it are in.
    deps.report(`run ${path.run} was cancelled; who waits for its end waits for reconcile`, error);
  }
  return stopped.how;
}
