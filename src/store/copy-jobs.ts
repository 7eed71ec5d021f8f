import type { Table } from '../ports/table.ts';
import { type Fence, type JobRecord, jobWrites, listJobs, type StoredJob } from './jobs.ts';

/** Records of jobs written at the same time. */
const BATCH = 25;

/**
 * Copies jobs of a run to one that is yet to come. Their logs stay with the run that wrote them. `choose`: of the places
 * of those that succeeded, the ones to copy.
 */
export async function copyJobs(
  table: Table,
  from: string,
  to: Fence,
  choose: (succeeded: ReadonlySet<number>) => ReadonlySet<number>,
): Promise<void> {
  const succeeded = [...(await listJobs(table, from, true)).values()].filter(({ status }) => status === 'succeeded');
  const kept = choose(new Set(succeeded.map(({ index }) => index)));
  const jobs = succeeded.filter(({ index }) => kept.has(index));
  for (let start = 0; start < jobs.length; start += BATCH) {
    const writes = jobs.slice(start, start + BATCH).map(job => jobWrites(to, keptJob(job, from), 0, new Map()));
    const large = writes.flatMap(write => write.large);
    const records = writes.map(write => write.record);
    await table.writeInOrder(large.length === 0 ? [records] : [large, records]);
  }
}

/** One that was kept before says already which run did it, and has its logs. */
function keptJob({ log, ...job }: StoredJob, from: string): JobRecord {
  return job.message.startsWith(KEPT_FROM) ? job : { ...job, message: `${KEPT_FROM}${from}.` };
}

/** No job that did its work itself has a message like this one. */
const KEPT_FROM = 'Kept from run ';
