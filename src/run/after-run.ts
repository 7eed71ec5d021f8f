import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import type { PipelinePath } from '../store/keys.ts';
import type { RunRecord } from '../store/runs.ts';
import { signalRun } from './signal-run.ts';

export type AfterRun = {
  readonly table: Table;
  readonly executions: Executions;
  /** Goes on with the artefacts that wait for a run of this pipeline; absent: `reconcile` does. */
  readonly settleBatch?: (path: PipelinePath) => Promise<void>;
};

/** Who waits for the end of a run outside its group: whoever called it, and artefacts of its pipeline. Repeatable. */
export async function goOnAfter(deps: AfterRun, run: RunRecord): Promise<void> {
  const { org, app, pipeline, trigger, calledBy } = run;
  await Promise.all([
    trigger === 'artefact' ? deps.settleBatch?.({ org, app, pipeline }) : undefined,
    calledBy === undefined ? undefined : signalRun(deps, { org, ...calledBy }),
  ]);
}
