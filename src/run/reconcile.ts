import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { PipelinePath, RunPath } from '../store/keys.ts';
import { openRunPaths } from '../store/run-lists.ts';
import { getRun, isOver } from '../store/runs.ts';
import { finishAbandoned } from './abandoned-run.ts';
import { overdueBy } from './overdue.ts';
import { noteQueued, type QueuedRuns, reconcileGroup } from './reconcile-groups.ts';
import { type Done, reconcileRun } from './reconcile-run.ts';
import type { Tell } from './tell.ts';

export type Reconcile = {
  readonly table: Table;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly retentionDays: number;
  readonly report: (message: string, error: unknown) => void;
  /** Absent: nobody listens. */
  readonly tell?: Tell;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
  /** Puts on the bus what it did not take before. */
  readonly tellKept?: () => Promise<number>;
  /** Goes on with the artefacts of a pipeline when a run of it was ended. */
  readonly settleBatch?: (path: PipelinePath) => Promise<void>;
  /** Goes on with every artefact that was left behind. Answers how many could not be. */
  readonly reconcileArtefacts?: (report: Reconcile['report']) => Promise<number>;
};

export type Reconciled = { readonly started: number; readonly ended: number; readonly failed: number };

/** Runs looked at the same time. */
const WIDTH = 16;
/**
 * Starts runs that are not over and have no execution; ends runs whose execution ended without them. `full`: the
 * executions of parked runs are looked at too.
 */
export async function reconcile(deps: Reconcile, full = true): Promise<Reconciled> {
  let started = 0;
  let ended = 0;
  let failed = 0;
  const queued: QueuedRuns = new Map();
  const count = (done: Done): void => {
    if (done === 'started') started += 1;
    if (done === 'ended') ended += 1;
  };
  const seen = { open: 0, approvals: 0, overdue: 0 };
  const one = async (path: RunPath): Promise<void> => {
    try {
      const run = await getRun(deps.table, path);
      if (run === undefined) return;
      if (!isOver(run.status)) seen.open += 1;
      seen.approvals += Object.values(run.waitingFor).filter(wait => wait.startsWith('approval(')).length;
      seen.overdue = Math.max(seen.overdue, overdueBy(run, deps.clock.now()));
      if (noteQueued(queued, run)) return;
      if (isOver(run.status)) await finishAbandoned(deps, run);
      else count(await reconcileRun(deps, run, full));
    } catch (error) {
      // One run in trouble never keeps another from being looked at.
      failed += 1;
      deps.report(`run ${path.run} could not be reconciled`, error);
    }
  };
  const unreadable = (error: Error): void => {
    failed += 1;
    deps.report('the index of open runs has an entry that cannot be read', error);
  };
  let batch: Promise<void>[] = [];
  for await (const path of openRunPaths(deps.table, undefined, unreadable)) {
    batch.push(one(path));
    if (batch.length >= WIDTH) {
      await Promise.all(batch);
      batch = [];
    }
  }
  await Promise.all(batch);
  deps.measure?.({ metric: 'OpenRuns', value: seen.open });
  deps.measure?.({ metric: 'ApprovalsWaiting', value: seen.approvals });
  deps.measure?.({ metric: 'StuckRunAge', value: seen.overdue });
  for (const { group, runs } of queued.values()) {
    try {
      const done = await reconcileGroup(deps, group, runs, async run => count(await reconcileRun(deps, run, true)));
      started += done.started;
      ended += done.ended;
      failed += done.failed;
    } catch (error) {
      failed += 1;
      deps.report(`the concurrency group '${group.name}' of ${group.org}/${group.app} could not be reconciled`, error);
    }
  }
  try {
    await deps.tellKept?.();
  } catch (error) {
    failed += 1;
    deps.report('events that the bus did not take could not be put again', error);
  }
  failed += (await deps.reconcileArtefacts?.(deps.report)) ?? 0;
  return { started, ended, failed };
}
