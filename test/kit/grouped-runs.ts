import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import type { Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { beginRun } from '../../src/run/begin-run.ts';
import { type Groups, handOn } from '../../src/run/groups.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { claimRun, finishWrites } from '../../src/store/run-writes.ts';
import { createRun, getRun, isOver, type RunRecord } from '../../src/store/runs.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createTimeIds } from './time-ids.ts';

export type GroupedRuns = {
  readonly table: LocalTable;
  readonly clock: FakeClock;
  /** Runs whose execution was started, in order. */
  readonly started: readonly string[];
  /** What was told of in spite of which things went on. */
  readonly reported: readonly string[];
  /** The most runs that were at work at the same time. */
  readonly mostAtWork: () => number;
  /** As the API does it: the record, then whatever gets it going. Everything through `through`. */
  begin(through?: Through, more?: { readonly limit?: number; readonly cancelOthers?: boolean }): Promise<RunPath>;
  /** As the worker does it: the run begins, ends and hands on. */
  work(run: RunPath, through?: Through): Promise<void>;
  claim(run: RunPath, through?: Through): Promise<RunRecord | undefined>;
  finish(run: RunRecord, through?: Through): Promise<void>;
  reconcile(through?: Through): Promise<void>;
  /** Every run in the order of creation, as it stands. */
  runs(): Promise<readonly RunRecord[]>;
  deps(through?: Through): Groups;
};

/** Ports with something in between. */
export type Through = { readonly table?: Table; readonly executions?: Executions; readonly mayFail?: true };

const PATH = { org: 'acme', app: 'shop', pipeline: 'deploy' };

/** Runs of one concurrency group on the real local table; the test plays the state machine. */
export function openGroupedRuns(name = 'production'): GroupedRuns {
  const clock = createFakeClock();
  const ids = createTimeIds(clock);
  const table = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
  const started: string[] = [];
  const created: RunPath[] = [];
  const atWork = new Set<string>();
  let most = 0;
  const reported: string[] = [];
  const report = (message: string): void => {
    reported.push(message);
  };
  const executions: Executions = {
    async start(run) {
      if (started.includes(run)) return 'exists';
      started.push(run);
      return 'started';
    },
    wake: async () => 'gone',
    stop: async () => undefined,
    look: async run => (started.includes(run) ? 'running' : 'missing'),
    ended: async () => undefined,
  };
  const depsOf = (through: Through = {}): Groups => ({
    table,
    executions,
    clock,
    retentionDays: 90,
    report,
    ...through,
  });
  const claim: GroupedRuns['claim'] = async (run, through = {}) => {
    const claimed = await claimRun(through.table ?? table, run, clock.now());
    if (claimed === undefined) {
      const found = await getRun(through.table ?? table, run);
      if (found !== undefined) await handOn(depsOf(through), found);
      return undefined;
    }
    atWork.add(run.run);
    most = Math.max(most, atWork.size);
    return claimed;
  };
  const finish: GroupedRuns['finish'] = async (run, through = {}) => {
    const asked = (await getRun(table, run))?.cancellationRequestedAt !== undefined;
    const end = {
      status: asked ? ('cancelled' as const) : ('succeeded' as const),
      message: '',
      completedAt: clock.now(),
      expiresAt: 4_000_000_000,
    };
    // A write that fails after it was carried out ends the run all the same.
    const settle = async () => {
      const now = await getRun(table, run);
      if (now === undefined || isOver(now.status)) atWork.delete(run.run);
    };
    await (through.table ?? table).writeInOrder(finishWrites(run, run.epoch, end)).finally(settle);
    await handOn(depsOf(through), run);
  };
  return {
    table,
    clock,
    started,
    reported,
    mostAtWork: () => most,
    claim,
    finish,
    deps: depsOf,
    async begin(through = {}, { limit = 1, cancelOthers = false } = {}) {
      const run = { ...PATH, run: ids.ordered() };
      created.push(run);
      const { run: record } = await createRun(
        through.table ?? table,
        {
          ...run,
          version: 'v',
          trigger: 'pipeline_call',
          createdAt: clock.now(),
          createdBy: 'u',
          runAs: 'u',
          timeoutSeconds: 3_600,
          inputs: {},
          group: { name, limit },
          ...(cancelOthers ? { cancels: true } : {}),
        },
        4_000_000_000,
      );
      await beginRun(depsOf(through), record);
      return run;
    },
    async work(run, through = {}) {
      const claimed = await claim(run, through);
      if (claimed !== undefined) await finish(claimed, through);
    },
    async reconcile(through) {
      const trouble: unknown[] = [];
      const tell = (message: string, error: unknown): void => {
        report(message);
        trouble.push(error);
      };
      await reconcile({ ...depsOf(through), report: tell });
      if (trouble.length > 0 && through?.mayFail !== true) throw trouble[0];
    },
    async runs() {
      const all = await Promise.all(created.map(run => getRun(table, run)));
      return all.filter(run => run !== undefined);
    },
  };
}
