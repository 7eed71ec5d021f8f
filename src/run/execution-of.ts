import type { ExecutionInput, Executions } from '../ports/executions.ts';
import type { RunRecord } from '../store/runs.ts';

/**
 * An execution may have 25,000 events in its history (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html),
 * and an invocation that parks takes 13 of them, more if it is tried again. A run goes on in another execution long before.
 */
export const INVOCATIONS_PER_EXECUTION = 1_000;

type Named = Pick<RunRecord, 'org' | 'app' | 'pipeline' | 'run' | 'execution'>;

/** The first execution of a run has its id as its name; those that follow have a number behind it. */
export function executionName({ run, execution }: Pick<Named, 'run' | 'execution'>): string {
  return execution === 0 ? run : `${run}-${execution}`;
}

/** Starts the execution that a run has now. To start it twice is harmless. */
export function startExecution(executions: Executions, named: Named): Promise<'started' | 'exists'> {
  const { org, app, pipeline, run, execution } = named;
  const input: ExecutionInput = { org, app, pipeline, run, ...(execution === 0 ? {} : { execution }) };
  return executions.start(executionName(named), input);
}
