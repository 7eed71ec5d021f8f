import type { Table } from '../ports/table.ts';
import { markDeleted } from './idempotency.ts';
import { partsOfRun, runKey } from './keys.ts';
import type { RunRecord } from './runs.ts';

/** Items deleted at the same time. */
const BATCH = 25;

/**
 * Deletes a run that is over. First its key, so that a request that comes again does not start it anew; then its record,
 * with which it is gone for everybody; then its jobs, logs, values and approvals. What a crash leaves of those has a time
 * to live.
 */
export async function deleteRun(table: Table, run: RunRecord): Promise<void> {
  if (run.idempotency !== undefined) await markDeleted(table, run.idempotency, run.run);
  await table.write({ delete: runKey(run) });
  for (;;) {
    const { items, next } = await table.query({ pk: partsOfRun(run.run), limit: 100, consistent: true });
    for (let start = 0; start < items.length; start += BATCH) {
      const keys = items.slice(start, start + BATCH).map(({ pk, sk }) => ({ pk, sk }));
      await table.writeInOrder([keys.map(key => ({ delete: key }))]);
    }
    if (next === undefined) return;
  }
}
