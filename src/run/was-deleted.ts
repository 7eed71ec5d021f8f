import type { Table } from '../ports/table.ts';
import { deleteRun } from '../store/delete-run.ts';
import { isDeleted } from '../store/idempotency.ts';
import type { RunRecord } from '../store/runs.ts';

/**
 * Whether a new run was made by somebody so late that the run of its Idempotency-Key (or of its batch of artefacts) had ended and was deleted before.
 * What they made is deleted too.
 */
export async function wasDeleted({ table }: { readonly table: Table }, run: RunRecord): Promise<boolean> {
  if (run.idempotency === undefined) return false;
  if (!(await isDeleted(table, run.idempotency, run.run))) return false;
  await deleteRun(table, run);
  return true;
}
