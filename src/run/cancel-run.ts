import { deleteWaiter } from '../store/groups.ts';
import type { RunPath } from '../store/keys.ts';
import { endQueuedRun } from '../store/run-writes.ts';
import { type Groups, groupOf, settleGroup, tellEnd } from './groups.ts';
import { signalRun } from './signal-run.ts';

const DAY = 86_400;

/** `over`: it ended before. `missing`: there is no such run. */
export type Cancelled = 'ended' | 'requested' | 'over' | 'missing';

/** Ends a run that did not begin, and asks one that executes to end. `reason`: why, where no person asked. */
export async function cancelRun(deps: Groups, path: RunPath, reason?: string): Promise<Cancelled> {
  const at = deps.clock.now();
  const queued = await endQueuedRun(
    deps.table,
    path,
    {
      status: 'cancelled',
      message: reason ?? 'Cancelled on request, before it began.',
      completedAt: at,
      expiresAt: Math.ceil(at / 1_000) + deps.retentionDays * DAY,
    },
    at,
  );
  if (queued.done && queued.run !== undefined) {
    const group = groupOf(queued.run);
    if (group !== undefined) {
      await deleteWaiter(deps.table, group, path.run);
      // It may have held a slot and not begun yet.
      await settleGroup(deps, group);
    }
    await tellEnd(deps, queued.run);
    return 'ended';
  }
  if (queued.run === undefined) return 'missing';
  const signalled = await signalRun(deps, path, { cancel: { at, ...(reason === undefined ? {} : { reason }) } });
  if (signalled.done) return 'requested';
  return signalled.run === undefined ? 'missing' : 'over';
}
