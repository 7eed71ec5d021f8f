import { approvalsOfRun, cancelApproval } from '../store/approvals.ts';
import type { RunOutcome } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';
import { tellEnd } from './after-run.ts';
import { calledRuns } from './called-runs.ts';
import { cancelRun } from './cancel-run.ts';
import { reasonToEnd } from './cancelling.ts';
import { type Groups, handOn } from './groups.ts';
import { approvalEvent } from './status-events.ts';

const DAY = 86_400;

/** How a run ends that nobody goes on with. One that was to be cancelled is. */
export function abandonedOutcome(
  { clock, retentionDays }: Pick<Groups, 'clock' | 'retentionDays'>,
  run: RunRecord,
  reason: string,
): RunOutcome {
  const completedAt = clock.now();
  const cancelled = reasonToEnd(run);
  return {
    ...(cancelled === undefined
      ? { status: 'failed', message: reason }
      : { status: 'cancelled', message: `${cancelled} It may not have cleaned up: ${reason}` }),
    completedAt,
    expiresAt: Math.ceil(completedAt / 1_000) + retentionDays * DAY,
  };
}

/** A run that is over and still in the index of open ones: whoever ended it may have died before all was done. Repeatable. */
export async function finishAbandoned(deps: Groups, run: RunRecord): Promise<void> {
  await handOn(deps, run);
  const reason = `Cancelled: run ${run.run}, which called it, is over.`;
  for (const called of await calledRuns(deps.table, run)) await cancelRun(deps, called, reason);
  await tidyAbandonedRun(deps, run);
}

/** Nobody is asked any more, and it is told. (That its jobs do not go on is seen from the run's record, whoever reads them.) */
async function tidyAbandonedRun(deps: Groups, run: RunRecord): Promise<void> {
  const { table, report, tell } = deps;
  const unreadable = (error: Error): void => report(`run ${run.run} has an approval that cannot be read`, error);
  for (const approval of await approvalsOfRun(table, run.run, unreadable)) {
    const { id, status } = approval;
    const closed = status === 'waiting' ? await cancelApproval(table, { run: run.run, id }) : approval;
    // A decision that its worker did not live to see was not told either.
    if (closed !== undefined) await tell?.([approvalEvent(run, closed)]);
  }
  await tellEnd(deps, run);
}
