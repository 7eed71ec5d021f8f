import type { Table } from '../ports/table.ts';
import { approvalsOfRun, cancelApproval } from '../store/approvals.ts';
import { closeAbandonedRun } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';

/**
 * What is left to do for a run that `reconcile` ended, until which it stays in the index of open runs: nobody is asked any
 * more. Repeatable. (That its jobs do not go on is seen from the run's record, whoever reads them.)
 */
export async function tidyAbandonedRun(table: Table, run: RunRecord): Promise<void> {
  for (const { id, status } of await approvalsOfRun(table, run.run)) {
    if (status === 'waiting') await cancelApproval(table, { run: run.run, id });
  }
  await closeAbandonedRun(table, run);
}
