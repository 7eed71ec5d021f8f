import type { Clock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import { deleteRun } from '../store/delete-run.ts';
import { readKey } from '../store/idempotency.ts';
import type { RunRecord } from '../store/runs.ts';

/**
 * Whether a new run was made by somebody so late that the run of its Idempotency-Key had ended and was deleted before.
 * What they made is deleted too.
 */
export async function wasDeleted(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  run: RunRecord,
): Promise<boolean> {
  if (run.idempotency === undefined) return false;
  const kept = await readKey(table, run.idempotency, clock.now());
  if (kept?.run !== run.run || !kept.deleted) return false;
  await deleteRun(table, run);
  return true;
}
