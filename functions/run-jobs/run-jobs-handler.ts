import type { Context } from 'aws-lambda';
import type { ExecutionInput } from '../../src/ports/executions.ts';
import type { Next, RunJobs } from '../../src/run/invocation.ts';
import { runJobs } from '../../src/run/run-jobs.ts';

export type RunJobsHandler = (
  event: ExecutionInput,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<Next>;

export function createRunJobsHandler(deps: RunJobs): RunJobsHandler {
  return (event, context) => runJobs(deps, event, { remaining: () => context.getRemainingTimeInMillis() });
}
