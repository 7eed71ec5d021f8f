import type { Table } from '../ports/table.ts';
import { type Fence, type JobRecord, jobWrites, listJobs, type StoredJob } from './jobs.ts';

/** Records of jobs written at the same time. */
const BATCH = 25;

/** Copies the jobs of a run that succeeded to one that is yet to come. Their logs stay with the run that wrote them. */
export async function copyJobs(table: Table, from: string, to: Fence): Promise<void> {
  const jobs = [...(await listJobs(table, from, true)).values()].filter(job => job.status === 'succeeded');
  for (let start = 0; start < jobs.length; start += BATCH) {
    const writes = jobs.slice(start, start + BATCH).map(job => jobWrites(to, keptJob(job, from), 0, new Map()));
    const large = writes.flatMap(write => write.large);
    const records = writes.map(write => write.record);
    await table.writeInOrder(large.length === 0 ? [records] : [large, records]);
  }
}

function keptJob({ log, ...job }: StoredJob, from: string): JobRecord {
  return { ...job, message: `Kept from run ${from}.` };
}
