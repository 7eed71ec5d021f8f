import type { LocalTable } from '../../local/table/open-table.ts';
import { createVault } from '../../local/vault.ts';
import type { Clients } from '../../src/actions/action.ts';
import { createActionOf, type Invoke } from '../../src/actions/registered.ts';
import { actions } from '../../src/actions/registry.ts';
import { createStartCalled } from '../../src/api/call-run.ts';
import { checkInputs } from '../../src/language/check-inputs.ts';
import type { Table } from '../../src/ports/table.ts';
import type { Next, RunJobs } from '../../src/run/invocation.ts';
import { runJobs } from '../../src/run/run-jobs.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { getRun, isOver } from '../../src/store/runs.ts';
import { openWorld, VAULT_KEY, type World } from './api-world.ts';

/** The API and the worker on one table, with a clock that the test moves. */
export type Whole = World & {
  readonly reports: readonly string[];
  /** What the history of executions would hold: every input and output of RunJobs. */
  readonly history: readonly { readonly input: RunPath; readonly output: Next }[];
  /**
   * Lets every run that was started go on as far as it goes: until it is over, or waits for what has not come. `during` is
   * called as long as somebody is at work.
   */
  settle(during?: () => Promise<void>): Promise<void>;
  /** One invocation of RunJobs, on this table; `own`: what else this worker has of its own. */
  work(run: RunPath, table?: Table, own?: Partial<RunJobs>): Promise<Next>;
};

const NO_CLIENTS: Clients = {
  http: () => Promise.reject(new Error('this test has no HTTP')),
  jq: () => Promise.reject(new Error('this test has no jq')),
};

export type WholeOptions = {
  readonly invoke?: Invoke;
  readonly clients?: Partial<Clients>;
  /** Absent: one of its own in memory. */
  readonly table?: LocalTable;
  /** What workers have in place of the table. */
  readonly workersTable?: (table: Table) => Table;
};

export async function openWhole(options: WholeOptions = {}): Promise<Whole> {
  const vault = createVault(VAULT_KEY);
  const world = await openWorld({ vault }, options.table);
  const workersTable = options.workersTable?.(world.table) ?? world.table;
  const reports: string[] = [];
  const history: { readonly input: RunPath; readonly output: Next }[] = [];
  const { invoke = { invoke: () => Promise.reject(new Error('this test has no targets')) } } = options;
  const clock: RunJobs['clock'] = {
    ...world.clock,
    // A pause of no length waits for a turn of the event loop, not for the test to move time.
    sleep: (ms, signal) => (ms <= 0 ? new Promise(resolve => setImmediate(resolve)) : world.clock.sleep(ms, signal)),
  };
  const depsOn = (table: Table): RunJobs => ({
    ...world,
    table,
    clock,
    vault,
    actions,
    clients: { ...NO_CLIENTS, ...options.clients },
    startCalled: createStartCalled({ ...world, table, clock, vault, baseUrl: 'https://pipecall.test' }),
    actionOf: createActionOf(invoke, checkInputs),
    callbackUrl: token => `https://pipecall.test/callbacks/${token}`,
    maxParallelJobs: 20,
    urlOf: path => `https://pipecall.test/runs/${path.run}`,
    report: (message, error) => reports.push(`${message} ${String(error)}`),
  });
  const work: Whole['work'] = async (run, table = workersTable, own = {}) => {
    const next = await runJobs({ ...depsOn(table), ...own }, run, { remaining: () => Number.POSITIVE_INFINITY });
    history.push({ input: run, output: next });
    return next;
  };

  /** What each parked run had seen, and when it wants to be looked at again. */
  const parked = new Map<string, { readonly signal: number; readonly until: number }>();
  const isDue = async (path: RunPath): Promise<boolean> => {
    const run = await getRun(world.table, path);
    if (run === undefined || isOver(run.status)) return false;
    const wait = parked.get(path.run);
    return wait === undefined || run.signal > wait.signal || world.clock.now() >= wait.until;
  };
  return {
    ...world,
    reports,
    history,
    work,
    async settle(during = async () => undefined) {
      for (let round = 0; round < 200; round += 1) {
        const all = world.executions.started.map(({ input }) => input);
        const due = (await Promise.all(all.map(async path => ((await isDue(path)) ? [path] : [])))).flat();
        if (due.length === 0) return;
        let atWork = due.length;
        const working = due.map(async path => {
          try {
            const next = await work(path);
            const until = next.next === 'park' ? world.clock.now() + next.seconds * 1_000 : 0;
            if (next.next === 'park') parked.set(path.run, { signal: next.signal, until });
          } finally {
            atWork -= 1;
          }
        });
        const done = Promise.all(working);
        done.catch(() => undefined);
        while (atWork > 0) {
          await during();
          await new Promise(resolve => setImmediate(resolve));
        }
        await done;
      }
      throw new Error('the runs never came to rest');
    },
  };
}
