import type { Table } from '../ports/table.ts';
import { listJobs } from '../store/jobs.ts';
import type { RunPath } from '../store/keys.ts';
import type { RunRecord } from '../store/runs.ts';

/** The runs that steps of this one wait for: what they left in their state is the way to them. */
export async function calledRuns(table: Table, run: RunRecord): Promise<readonly RunPath[]> {
  const jobs = await listJobs(table, run.run, true);
  return [...jobs.values()]
    .flatMap(({ steps }) => steps)
    .flatMap(step => {
      if (step?.wait === undefined || !step.wait.for.startsWith('run(')) return [];
      const { app, pipeline, run: id } = step.wait.state;
      if (typeof app !== 'string' || typeof pipeline !== 'string' || typeof id !== 'string') return [];
      return [{ org: run.org, app, pipeline, run: id }];
    });
}
