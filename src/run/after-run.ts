import type { Executions } from '../ports/executions.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { PipelinePath } from '../store/keys.ts';
import { closeAbandonedRun } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';
import { signalRun } from './signal-run.ts';
import { runEvents } from './status-events.ts';
import type { Tell } from './tell.ts';

export type AfterRun = {
  readonly table: Table;
  readonly executions: Executions;
  /** Goes on with the artefacts that wait for a run of this pipeline; absent: `reconcile` does. */
  readonly settleBatch?: (path: PipelinePath) => Promise<void>;
  /** Of what becomes of runs. Absent: nobody listens. */
  readonly tell?: Tell;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
};

/** Who waits for the end of a run outside its group: whoever called it, and artefacts of its pipeline. Repeatable. */
export async function goOnAfter(deps: AfterRun, run: RunRecord): Promise<void> {
  const { org, app, pipeline, trigger, calledBy } = run;
  await Promise.all([
    trigger === 'artefact' ? deps.settleBatch?.({ org, app, pipeline }) : undefined,
    calledBy === undefined ? undefined : signalRun(deps, { org, ...calledBy }),
  ]);
}

/** For an end that no worker wrote: the run stays among the open ones until it was told. Repeatable. */
export async function tellEnd(deps: Pick<AfterRun, 'table' | 'tell'>, run: RunRecord): Promise<void> {
  await deps.tell?.(runEvents(run));
  await closeAbandonedRun(deps.table, run);
}

/** All that follows from the end of a run that never began, but for its group. Repeatable. */
export async function goOnAfterQueued(deps: AfterRun, run: RunRecord): Promise<void> {
  await goOnAfter(deps, run);
  await tellEnd(deps, run);
}
