import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import type { RunPath } from '../store/keys.ts';
import { endAbandonedRun, openRunPaths } from '../store/runs.ts';

export type Reconcile = {
  readonly table: Table;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly retentionDays: number;
  readonly report: (message: string, error: unknown) => void;
};

export type Reconciled = { readonly started: number; readonly ended: number; readonly failed: number };

/** Runs looked at the same time. */
const WIDTH = 16;
const DAY = 86_400;

const ENDINGS = {
  succeeded: 'ended without it',
  failed: 'failed',
  'timed-out': 'timed out',
  stopped: 'was stopped',
} as const;

/** Starts runs that are not over and have no execution; ends runs whose execution ended without them. */
export async function reconcile(deps: Reconcile): Promise<Reconciled> {
  let started = 0;
  let ended = 0;
  let failed = 0;
  const one = async (path: RunPath): Promise<void> => {
    try {
      const done = await reconcileRun(deps, path);
      if (done === 'started') started += 1;
      if (done === 'ended') ended += 1;
    } catch (error) {
      // One run in trouble never keeps another from being looked at.
      failed += 1;
      deps.report(`run ${path.run} could not be reconciled`, error);
    }
  };
  let batch: Promise<void>[] = [];
  for await (const path of openRunPaths(deps.table)) {
    batch.push(one(path));
    if (batch.length >= WIDTH) {
      await Promise.all(batch);
      batch = [];
    }
  }
  await Promise.all(batch);
  return { started, ended, failed };
}

async function reconcileRun(deps: Reconcile, path: RunPath): Promise<'started' | 'ended' | 'nothing'> {
  const status = await deps.executions.look(path.run);
  switch (status) {
    case 'running':
      return 'nothing';
    case 'missing': {
      const { org, app, pipeline, run } = path;
      return (await deps.executions.start(run, { org, app, pipeline, run })) === 'started' ? 'started' : 'nothing';
    }
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'stopped': {
      const completedAt = deps.clock.now();
      const done = await endAbandonedRun(deps.table, path, {
        status: 'failed',
        message: `The execution of this run ${ENDINGS[status]}; no job goes on.`,
        completedAt,
        expiresAt: Math.ceil(completedAt / 1_000) + deps.retentionDays * DAY,
      });
      return done ? 'ended' : 'nothing';
    }
  }
}
