import type { Job } from '../pipeline.ts';
import { MAX_MINUTES } from './timeout-minutes.ts';

/** Minutes of a run that says nothing. */
const DEFAULT = 60;

/**
 * The longest chain of `needs`, by the time-outs that its jobs declare, where that is more than the default: a job that
 * may wait a day for an approval must not be cut after an hour. A time-out that is an expression counts as none.
 */
export function defaultTimeout(jobs: readonly Job[]): number {
  const byId = new Map(jobs.map(job => [job.id, job]));
  const longest = new Map<string, number>();
  const minutesUpTo = (job: Job): number => {
    const known = longest.get(job.id);
    if (known !== undefined) return known;
    longest.set(job.id, 0); // A circle ends here; it is refused elsewhere.
    const before = job.needs.map(id => byId.get(id)).map(need => (need === undefined ? 0 : minutesUpTo(need)));
    const minutes = Math.max(0, ...before) + declaredMinutes(job);
    longest.set(job.id, minutes);
    return minutes;
  };
  return Math.min(Math.max(DEFAULT, ...jobs.map(minutesUpTo)), MAX_MINUTES);
}

function declaredMinutes({ timeoutMinutes }: Job): number {
  const value = timeoutMinutes?.kind === 'literal' ? timeoutMinutes.value : 0;
  return typeof value === 'number' ? value : 0;
}
