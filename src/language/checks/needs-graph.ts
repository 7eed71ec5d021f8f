import type { JobRead } from '../keys/job.ts';
import { didYouMean } from '../near-name.ts';
import { report } from '../shape/shape.ts';

/** Every job can start some day: needs exist, and none of them leads back. */
export function checkNeeds(jobs: readonly JobRead[]): void {
  const ids = jobs.map(({ job }) => job.id);
  for (const { job, needs } of jobs) {
    const seen = new Set<string>();
    for (const need of needs) {
      if (need.job === job.id)
        report(need.place, { code: 'SELF_NEED', message: `job \`${job.id}\` cannot need itself` });
      else if (!ids.includes(need.job)) {
        const message = `there is no job \`${need.job}\` that \`${job.id}\` could need`;
        report(need.place, {
          code: 'UNKNOWN_JOB',
          message,
          hint: didYouMean(
            need.job,
            ids.filter(id => id !== job.id),
          ),
        });
      } else if (seen.has(need.job)) {
        report(need.place, { code: 'DUPLICATE_NEED', message: `\`${need.job}\` is named twice; keep one` });
      }
      seen.add(need.job);
    }
  }
  reportCycles(jobs);
}

/** Each circle once, at the need that closes it. */
function reportCycles(jobs: readonly JobRead[]): void {
  const byId = new Map(jobs.map(read => [read.job.id, read]));
  const done = new Set<string>();
  const visit = (read: JobRead, trail: readonly string[]): void => {
    for (const need of read.needs) {
      const next = byId.get(need.job);
      if (next === undefined || next === read || done.has(need.job)) continue;
      const start = trail.indexOf(need.job);
      if (start < 0) visit(next, [...trail, need.job]);
      else {
        const cycle = [...trail.slice(start), need.job].map(id => `\`${id}\``).join(' needs ');
        report(need.place, {
          code: 'CYCLIC_NEEDS',
          message: `these jobs wait for each other for ever: ${cycle}; remove one of these needs`,
        });
      }
    }
    done.add(read.job.id);
  };
  for (const read of jobs) if (!done.has(read.job.id)) visit(read, [read.job.id]);
}
