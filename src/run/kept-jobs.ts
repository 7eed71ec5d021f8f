import { APPROVE } from '../actions/action.ts';
import type { Job, Pipeline } from '../language/pipeline.ts';

/**
 * Places of the jobs whose results another run of the same version keeps: those that succeeded, if all that comes before
 * them is kept too, for what is done again may come to something else. An approval is about one run: a job that asks for
 * one is done again.
 */
export function keptJobs({ jobs }: Pipeline, succeeded: ReadonlySet<number>): ReadonlySet<number> {
  const again = new Set(jobs.filter(job => asks(job) || !succeeded.has(job.index)).map(({ id }) => id));
  for (let before = -1; before < again.size; ) {
    before = again.size;
    for (const { id, needs } of jobs) if (needs.some(need => again.has(need))) again.add(id);
  }
  return new Set(jobs.filter(({ id }) => !again.has(id)).map(({ index }) => index));
}

/** Whatever its version. */
const asks = ({ steps }: Job): boolean => steps.some(({ action }) => action.startsWith(`${APPROVE}@`));
