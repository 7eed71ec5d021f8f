import { approvalsOfRun, cancelApproval } from '../store/approvals.ts';
import type { RunRecord } from '../store/runs.ts';
import { type Groups, tellEnd } from './groups.ts';
import { approvalEvent } from './status-events.ts';

/**
 * What is left to do for a run that `reconcile` ended, until which it stays in the index of open runs: nobody is asked any
 * more. Repeatable. (That its jobs do not go on is seen from the run's record, whoever reads them.)
 */
export async function tidyAbandonedRun(deps: Pick<Groups, 'table' | 'tell'>, run: RunRecord): Promise<void> {
  for (const approval of await approvalsOfRun(deps.table, run.run)) {
    const { id, status } = approval;
    const closed = status === 'waiting' ? await cancelApproval(deps.table, { run: run.run, id }) : approval;
    // A decision that its worker did not live to see was not told either.
    if (closed !== undefined) await deps.tell?.([approvalEvent(run, closed)]);
  }
  await tellEnd(deps, run);
}
