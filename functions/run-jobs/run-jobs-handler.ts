import type { Context } from 'aws-lambda';
import type { Next, RunJobs } from '../../src/run/invocation.ts';
import { runJobs } from '../../src/run/run-jobs.ts';
import type { RunPath } from '../../src/store/keys.ts';

export type RunJobsHandler = (event: RunPath, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<Next>;

export function createRunJobsHandler(deps: RunJobs): RunJobsHandler {
  return (event, context) => runJobs(deps, event, { remaining: () => context.getRemainingTimeInMillis() });
}
