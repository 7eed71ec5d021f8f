import type { Job } from '../language/pipeline.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { RunEnd } from '../store/runs.ts';

/** How a run whose jobs have all ended is over, and why in words. `cancelled`: the reason, when it was cancelled. */
export function outcomeOf(
  jobs: readonly Job[],
  recordOf: (job: Job) => JobRecord | undefined,
  cancelled: string | undefined,
): { readonly status: RunEnd; readonly message: string } {
  if (cancelled !== undefined) return { status: 'cancelled', message: cancelled };
  const failed = jobs.filter(job => {
    const record = recordOf(job);
    return record?.status === 'failed' && record.continued !== true;
  });
  const [first] = failed;
  if (first !== undefined) {
    const reason = recordOf(first)?.message ?? '';
    const others =
      failed.length === 1 ? '' : ` (${failed.length} jobs failed: ${failed.map(job => job.id).join(', ')})`;
    return { status: 'failed', message: `Job '${first.id}' failed: ${reason}${others}` };
  }
  return { status: 'succeeded', message: summary(jobs, recordOf) };
}

function summary(jobs: readonly Job[], recordOf: (job: Job) => JobRecord | undefined): string {
  const count = (test: (record: JobRecord) => boolean): number =>
    jobs.filter(job => {
      const record = recordOf(job);
      return record !== undefined && test(record);
    }).length;
  const succeeded = count(record => record.status === 'succeeded');
  const skipped = count(record => record.status === 'skipped');
  const continued = count(record => record.status === 'failed' && record.continued === true);
  const parts = [`${succeeded} ${succeeded === 1 ? 'job' : 'jobs'} succeeded`];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (continued > 0) parts.push(`${continued} failed with continue-on-error`);
  return `${parts.join(', ')}.`;
}
