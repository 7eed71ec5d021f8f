import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import { createVault } from '../../local/vault.ts';
import type { Action, ActionContext, Answer, Clients } from '../../src/actions/action.ts';
import { createActionOf, type Invoke } from '../../src/actions/registered.ts';
import { actions as realActions } from '../../src/actions/registry.ts';
import { createStartCalled } from '../../src/api/call-run.ts';
import type { JsonObject } from '../../src/json.ts';
import { checkInputs } from '../../src/language/check-inputs.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ExecutionInput, Executions } from '../../src/ports/executions.ts';
import type { Measure } from '../../src/ports/measure.ts';
import type { Table } from '../../src/ports/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import type { Next } from '../../src/run/invocation.ts';
import { runJobs } from '../../src/run/run-jobs.ts';
import type { Tell } from '../../src/run/tell.ts';
import { listJobs, type StoredJob } from '../../src/store/jobs.ts';
import { JOB_PREFIX, partsOfRun, type RunPath } from '../../src/store/keys.ts';
import { readChunks } from '../../src/store/logs.ts';
import { createRun, getRun, type NewRun, type RunRecord } from '../../src/store/runs.ts';
import { putPendingVersion } from '../../src/store/versions.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeExecutions, type FakeExecutions } from './fake-executions.ts';
import { createTimeIds } from './time-ids.ts';

/** Does what the test says, and changes something outside. */
export const PROBE = 'actions/pipecall/probe@v1';
/** The same, and changes nothing. */
export const PURE = 'actions/pipecall/pure-probe@v1';
export const LOG = 'actions/humanitec/log@v1';

/** `jobs:` as YAML under a minimal head. */
export const define = (jobs: string, head = ''): string =>
  `name: Test\non: { pipeline_call: { inputs: { text: {} } } }\n${head}\njobs:\n${jobs}`;

/** One call of the action `actions/pipecall/probe`, which does what the test says. */
export type ProbeCall = { readonly context: ActionContext; answer(answer: Answer): void; crash(error: Error): void };

export type Engine = {
  readonly clock: FakeClock;
  readonly executions: FakeExecutions;
  readonly table: Table;
  /** Calls of the probe that were made so far, in order. */
  readonly calls: readonly ProbeCall[];
  readonly reports: readonly { readonly message: string; readonly error: unknown }[];
  /** Saves a definition and creates a run of it. */
  start(text: string, inputs?: JsonObject, timeoutSeconds?: number, more?: Partial<NewRun>): Promise<RunPath>;
  invoke(
    path: ExecutionInput,
    options?: {
      readonly remaining?: () => number;
      readonly table?: Table;
      readonly clock?: Clock;
      readonly executions?: Executions;
      readonly maxParallelJobs?: number;
      readonly tell?: Tell;
      readonly closesWhenTold?: boolean;
    },
  ): Promise<Next>;
  run(path: RunPath): Promise<RunRecord>;
  /** Records by place of the job. */
  jobs(path: RunPath): Promise<ReadonlyMap<number, StoredJob>>;
  log(path: RunPath, job: number): Promise<readonly string[]>;
  /** Lets the worker go on until the probe was called this many times. */
  untilCalls(count: number): Promise<void>;
  /** The call of the probe at this place; there must be one. */
  call(index: number): ProbeCall;
};

/** An engine on a table of its own in memory. */
export type OwnEngine = Engine & { readonly table: LocalTable; close(): Promise<void> };

export function openEngine(options: EngineOptions = {}): OwnEngine {
  const table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  return { ...createEngine(table, options), table, close: () => table.close() };
}

const NO_CLIENTS: Clients = {
  http: () => Promise.reject(new Error('this test has no HTTP')),
  jq: () => Promise.reject(new Error('this test has no jq')),
};

const NO_INVOKE: Invoke = { invoke: () => Promise.reject(new Error('this test has no targets')) };

/** What a worker has that calls nobody. */
export const NO_CALLS = {
  startCalled: () => Promise.reject(new Error('this test has no calls')),
  actionOf: createActionOf(NO_INVOKE, checkInputs),
  callbackUrl: (token: string) => `http://test/callbacks/${token}`,
};

/** What the engine opens secrets with. */
export const vault = createVault(new Uint8Array(32).fill(7));

export type EngineOptions = {
  readonly onProbe?: (call: ProbeCall, count: number) => void;
  readonly clients?: Partial<Clients>;
  /** Absent: nobody listens. */
  readonly tell?: Tell;
  readonly invoke?: Invoke;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
};

/** The real worker and store on a real table, with a clock that the test moves and an action that it holds in its hand. */
export function createEngine(table: Table, options: EngineOptions = {}): Engine {
  const fake = createFakeClock();
  const clock: FakeClock = {
    ...fake,
    // A pause of no length waits for a turn of the event loop, not for the test to move time.
    sleep: (ms, signal) => (ms <= 0 ? new Promise(resolve => setImmediate(resolve)) : fake.sleep(ms, signal)),
  };
  const ids = createTimeIds(clock);
  const calls: ProbeCall[] = [];
  const executions = createFakeExecutions();
  const reports: { readonly message: string; readonly error: unknown }[] = [];
  const probe = (name: string, pure: boolean): Action => ({
    name: `actions/pipecall/${name}`,
    version: 1,
    summary: 'Does what the test says.',
    inputs: {
      type: 'object',
      properties: { key: { type: 'string', description: 'Tells calls apart.' } },
      additionalProperties: false,
    },
    outputs: { type: 'object', additionalProperties: true },
    errors: { BROKEN: 'The test said so.', ABORTED: 'The test said so.' },
    pure,
    run: context =>
      new Promise((answer, crash) => {
        const call = { context, answer, crash };
        calls.push(call);
        options.onProbe?.(call, calls.length);
      }),
  });
  const actions = new Map(realActions);
  for (const action of [probe('probe', false), probe('pure-probe', true)]) actions.set(`${action.name}@v1`, action);
  const definitions = createDefinitions(table, actions);
  return {
    clock,
    executions,
    table,
    calls,
    reports,
    async start(text, inputs = {}, timeoutSeconds = 3_600, more = {}) {
      const path = { org: 'demo', app: 'hello', pipeline: 'p' };
      const version = ids.ordered();
      const run = ids.ordered();
      await putPendingVersion(table, { ...path, version, text, createdAt: clock.now(), createdBy: 'u' });
      await createRun(
        table,
        {
          ...path,
          run,
          version,
          trigger: 'pipeline_call',
          createdAt: clock.now(),
          createdBy: 'u',
          runAs: 'u',
          timeoutSeconds,
          inputs,
          ...more,
        },
        Math.ceil(clock.now() / 1_000) + 86_400,
      );
      return { ...path, run };
    },
    invoke: (path, own = {}) => {
      const tell = own.tell ?? options.tell;
      const { remaining = () => Number.POSITIVE_INFINITY, table: through = table, maxParallelJobs = 20 } = own;
      return runJobs(
        {
          table: through,
          executions: own.executions ?? executions,
          clock: own.clock ?? clock,
          ids,
          definitions,
          vault,
          actions,
          clients: { ...NO_CLIENTS, ...options.clients },
          retentionDays: 90,
          maxParallelJobs,
          ...(tell === undefined ? {} : { tell }),
          ...(options.measure === undefined ? {} : { measure: options.measure }),
          ...(own.closesWhenTold === true ? { closesWhenTold: async () => true } : {}),
          urlOf: run => `http://test/${run.run}`,
          callbackUrl: token => `http://test/callbacks/${token}`,
          startCalled: createStartCalled({
            table: through,
            executions: own.executions ?? executions,
            clock: own.clock ?? clock,
            ids,
            definitions,
            vault,
            retentionDays: 90,
            ...(tell === undefined ? {} : { tell }),
            log: ({ message }) => reports.push({ message, error: undefined }),
          }),
          actionOf: createActionOf(options.invoke ?? NO_INVOKE, checkInputs),
          report: (message, error) => reports.push({ message, error }),
        },
        path,
        { remaining },
      );
    },
    async run(path) {
      const run = await getRun(table, path);
      if (run === undefined) throw new Error('there is no such run');
      return run;
    },
    jobs: path => listJobs(table, path.run, true),
    async log(path, job) {
      const record = (await listJobs(table, path.run, false)).get(job);
      const chunks = await readChunks(table, path.run, job, 0, record?.logChunks ?? 0, 1_000);
      return chunks.flatMap(chunk => chunk.lines.map(line => line.message));
    },
    async untilCalls(count) {
      for (let turn = 0; turn < 100 && calls.length < count; turn += 1) await clock.flush();
      if (calls.length !== count) throw new Error(`the probe was called ${calls.length} times, not ${count}`);
    },
    call(index) {
      const found = calls[index];
      if (found === undefined) throw new Error(`there was no call ${index}`);
      return found;
    },
  };
}

/** All that can be seen of a run: its record, those of its jobs as they stand in the table, and their logs. */
export async function visible(engine: Engine, path: RunPath): Promise<unknown> {
  const items = await engine.table.query({ pk: partsOfRun(path.run), prefix: JOB_PREFIX, consistent: true });
  const jobs = await engine.jobs(path);
  const logs = await Promise.all([...jobs.keys()].map(job => engine.log(path, job)));
  return { run: await engine.run(path), items: items.items, logs };
}
