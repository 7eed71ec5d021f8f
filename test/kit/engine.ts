import type { Action, ActionContext, Answer, Clients } from '../../src/actions/action.ts';
import { actions as realActions } from '../../src/actions/registry.ts';
import { systemIds } from '../../src/aws/ids.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Table } from '../../src/ports/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import type { Next } from '../../src/run/invocation.ts';
import { runJobs } from '../../src/run/run-jobs.ts';
import { listJobs, type StoredJob } from '../../src/store/jobs.ts';
import { JOB_PREFIX, partsOfRun, type RunPath } from '../../src/store/keys.ts';
import { readChunks } from '../../src/store/logs.ts';
import { createRun, getRun, type RunRecord } from '../../src/store/runs.ts';
import { putPendingVersion } from '../../src/store/versions.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** One call of the action `actions/pipecall/probe`, which does what the test says. */
export type ProbeCall = { readonly context: ActionContext; answer(answer: Answer): void; crash(error: Error): void };

export type Engine = {
  readonly clock: FakeClock;
  readonly table: Table;
  /** Calls of the probe that were made so far, in order. */
  readonly calls: readonly ProbeCall[];
  readonly reports: readonly { readonly message: string; readonly error: unknown }[];
  /** Saves a definition and creates a run of it. */
  start(text: string, inputs?: JsonObject, timeoutSeconds?: number): Promise<RunPath>;
  invoke(
    path: RunPath,
    options?: { readonly remaining?: () => number; readonly table?: Table; readonly maxParallelJobs?: number },
  ): Promise<Next>;
  run(path: RunPath): Promise<RunRecord>;
  /** Records by place of the job. */
  jobs(path: RunPath): Promise<ReadonlyMap<number, StoredJob>>;
  log(path: RunPath, job: number): Promise<readonly string[]>;
};

const NO_CLIENTS: Clients = {
  http: () => Promise.reject(new Error('this test has no HTTP')),
  jq: () => Promise.reject(new Error('this test has no jq')),
};

/** The real worker and store on a real table, with a clock that the test moves and an action that it holds in its hand. */
export function createEngine(
  table: Table,
  options: { readonly onProbe?: (call: ProbeCall, count: number) => void } = {},
): Engine {
  const fake = createFakeClock();
  const clock: FakeClock = {
    ...fake,
    // A pause of no length waits for a turn of the event loop, not for the test to move time.
    sleep: (ms, signal) => (ms <= 0 ? new Promise(resolve => setImmediate(resolve)) : fake.sleep(ms, signal)),
  };
  const calls: ProbeCall[] = [];
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
    errors: {},
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
    table,
    calls,
    reports,
    async start(text, inputs = {}, timeoutSeconds = 3_600) {
      const path = { org: 'demo', app: 'hello', pipeline: 'p' };
      const version = systemIds.ordered();
      const run = systemIds.ordered();
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
        },
        Math.ceil(clock.now() / 1_000) + 86_400,
      );
      return { ...path, run };
    },
    invoke: (path, { remaining = () => Number.POSITIVE_INFINITY, table: through = table, maxParallelJobs = 20 } = {}) =>
      runJobs(
        {
          table: through,
          clock,
          definitions,
          actions,
          clients: NO_CLIENTS,
          retentionDays: 90,
          maxParallelJobs,
          urlOf: run => `http://test/${run.run}`,
          report: (message, error) => reports.push({ message, error }),
        },
        path,
        { remaining },
      ),
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
  };
}

/** All that can be seen of a run: its record, those of its jobs as they stand in the table, and their logs. */
export async function visible(engine: Engine, path: RunPath): Promise<unknown> {
  const items = await engine.table.query({ pk: partsOfRun(path.run), prefix: JOB_PREFIX, consistent: true });
  const jobs = await engine.jobs(path);
  const logs = await Promise.all([...jobs.keys()].map(job => engine.log(path, job)));
  return { run: await engine.run(path), items: items.items, logs };
}
