import { createExecutions } from '../../../local/executions.ts';
import { createStateMachine, type StateMachine } from '../../../local/step-functions/state-machine.ts';
import { openTable } from '../../../local/table/open-table.ts';
import { createVault } from '../../../local/vault.ts';
import { type Action, succeeded } from '../../../src/actions/action.ts';
import { actions as realActions } from '../../../src/actions/registry.ts';
import { createApi } from '../../../src/api/api.ts';
import { deriveKeys } from '../../../src/api/keys-of.ts';
import type { ApiResponse } from '../../../src/api/reply.ts';
import { hashToken, makeToken } from '../../../src/api/tokens.ts';
import type { Executions } from '../../../src/ports/executions.ts';
import { createDefinitions } from '../../../src/run/definitions.ts';
import { type Parking, parkRun } from '../../../src/run/park-run.ts';
import { reconcile } from '../../../src/run/reconcile.ts';
import { runJobs } from '../../../src/run/run-jobs.ts';
import { approvalsOfRun } from '../../../src/store/approvals.ts';
import { putNewApp } from '../../../src/store/apps.ts';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import { allWaiters, readGroup } from '../../../src/store/groups.ts';
import { listJobs } from '../../../src/store/jobs.ts';
import type { RunPath } from '../../../src/store/keys.ts';
import { readChunks } from '../../../src/store/logs.ts';
import { putOrg } from '../../../src/store/orgs.ts';
import { putNewPipeline } from '../../../src/store/pipelines.ts';
import { putRole } from '../../../src/store/roles.ts';
import { getRun, isOver } from '../../../src/store/runs.ts';
import { putSubject } from '../../../src/store/subjects.ts';
import { putToken } from '../../../src/store/tokens.ts';
import { putPendingVersion } from '../../../src/store/versions.ts';
import { NO_CALLS } from '../../kit/engine.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { createLife, type Fate, type Life, survive } from '../../kit/life.ts';
import { PIPELINE_RUN } from '../../kit/pipeline-run.ts';
import { createTimeIds } from '../../kit/time-ids.ts';

/** Who dies: one request to the API, one function of the state machine, or the whole server. */
export type Victim = 'api' | 'worker' | 'server';
export type Fault = { readonly victim: Victim; readonly call: number; readonly fate: Exclude<Fate, 'lives'> };

/** Who starts the runs and decides. */
export const ANNA = '00000000-0000-4000-8000-00000000a22a';

const PIPELINE = { org: 'demo', app: 'shop', pipeline: 'deploy' };
const GROUP = { org: 'demo', app: 'shop', name: 'deploys' };
const RETRY_SECONDS = 300;

/** A step that changes something outside. */
const probe: Action = {
  name: 'actions/pipecall/probe',
  version: 1,
  summary: 'Succeeds.',
  inputs: { type: 'object', additionalProperties: false, properties: {} },
  outputs: { type: 'object', additionalProperties: true },
  errors: {},
  pure: false,
  run: async () => succeeded({ v: 5 }),
};

/** Two runs of one group, each with an approval, through the whole product, which dies once where the fault says. */
export async function live(text: string, fault?: Fault): Promise<{ readonly died: boolean; readonly end: unknown }> {
  const clock = createFakeClock();
  const ids = createTimeIds(clock);
  const disk = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
  const actions = new Map(realActions).set('actions/pipecall/probe@v1', probe);
  const calls: Record<Victim, number> = { api: 0, worker: 0, server: 0 };
  let died = false;
  const fateFor = (victim: Victim) => (): Fate => {
    calls[victim] += 1;
    if (fault?.victim !== victim || calls[victim] !== fault.call) return 'lives';
    died = true;
    return fault.fate;
  };

  type Server = { readonly life: Life; readonly machine: StateMachine; readonly executions: Executions };
  const boot = (): Server => {
    // The whole server dies with its machine; a function or a request dies alone.
    const life = createLife(disk, clock, fateFor('server'));
    const work = async (of: (own: Life) => Promise<unknown>): Promise<unknown> => {
      const own = createLife(life.table, life.clock, fateFor('worker'));
      return own.run(() => of(own));
    };
    const machine: StateMachine = createStateMachine(PIPELINE_RUN, {
      functions: {
        'run-jobs': payload =>
          work(({ table, clock: own }) =>
            runJobs(
              {
                table,
                executions,
                clock: own,
                ids,
                definitions: createDefinitions(table, actions),
                vault: createVault(new Uint8Array(32)),
                actions,
                clients: { http: () => Promise.reject(new Error('no')), jq: () => Promise.reject(new Error('no')) },
                retentionDays: 90,
                maxParallelJobs: 20,
                urlOf: ({ run }) => `http://test/${run}`,
                ...NO_CALLS,
                report: () => undefined,
              },
              // What the machine file sends.
              payload as RunPath,
              { remaining: () => 900_000 },
            ),
          ),
        'park-run': payload => work(({ table }) => parkRun(table, executions, payload as unknown as Parking)),
      },
      clock: life.clock,
      ids,
      random: () => 0.5,
    });
    const executions = createExecutions(machine);
    return { life, machine, executions };
  };

  let server = boot();
  const deps = (table = server.life.table) => ({ table, executions: server.executions, clock, retentionDays: 90 });
  const look = async (): Promise<void> => {
    const { life } = server;
    // A server that dies in its first round is started again by whoever comes next.
    await life.run(() => reconcile({ ...deps(), report: () => undefined })).catch(survive);
  };
  const up = async (): Promise<void> => {
    if (server.life.alive()) return;
    server.machine.close();
    server = boot();
    await look();
  };
  /** One request to the API; its client hears no answer when it dies. */
  const request = async (work: (own: ReturnType<typeof deps>) => Promise<unknown>): Promise<void> => {
    await up();
    const { life } = server;
    const own = createLife(life.table, clock, fateFor('api'));
    await life.run(() => own.run(() => work(deps(own.table)))).catch(survive);
  };

  const keys = deriveKeys('the secret of the server of this test');
  const token = makeToken(ANNA, ids);
  /** A request to the API; undefined: whoever answers it died. */
  const ask = async (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<ApiResponse | undefined> => {
    let answer: ApiResponse | undefined;
    await request(async own => {
      const definitions = createDefinitions(own.table, actions);
      const vault = createVault(new Uint8Array(32));
      const api = createApi({
        ...own,
        ids,
        definitions,
        actions: () => Promise.resolve(actions),
        keys,
        vault,
        log: () => undefined,
      });
      const sent = { authorization: `Bearer ${token}`, ...headers };
      answer = await api({ method: 'POST', path, query: new Map(), headers: sent, body, requestId: 'request' });
    });
    return answer;
  };
  const json = { 'content-type': 'application/json' };

  const createdAt = clock.now();
  const version = ids.ordered();
  await putOrg(disk, 'demo', createdAt);
  await putNewApp(disk, { org: 'demo', app: 'shop', name: 'Shop', createdAt });
  await putSubject(disk, { id: ANNA, type: 'user', name: 'Anna', createdAt });
  await putRole(disk, ANNA, { scope: 'org', org: 'demo', role: 'administrator' }, createdAt);
  await putToken(disk, ANNA, { id: 't', hash: hashToken(token, keys.token), createdAt });
  const environment = { id: 'development', name: 'Development', type: 'development', createdAt, createdBy: ANNA };
  await putNewEnvironment(disk, PIPELINE, environment);
  await putPendingVersion(disk, { ...PIPELINE, version, text, createdAt, createdBy: ANNA });
  await putNewPipeline(disk, {
    ...PIPELINE,
    name: 'Crash',
    version,
    triggers: ['pipeline_call'],
    metadata: {},
    createdAt,
    createdBy: ANNA,
  });

  const runs: RunPath[] = [];
  const RUNS = '/orgs/demo/apps/shop/pipelines/deploy/runs';
  /** Clients send a start again until they are told the id of the run, and a decision while nobody decided. */
  const clients = async (): Promise<void> => {
    while (runs.length < 2) {
      const answer = await ask(RUNS, { ...json, 'idempotency-key': `key-${runs.length}` }, '{"inputs":{}}');
      if (answer === undefined) continue;
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`);
      runs.push({ ...PIPELINE, run: JSON.parse(answer.body ?? '').id });
    }
    for (const { run } of runs) {
      for (const { id, status } of await approvalsOfRun(disk, run)) {
        if (status !== 'waiting') continue;
        const answer = await ask(`${RUNS}/${run}/jobs/ask/approvals/${id}/approve`, json, '{"comment":"Go."}');
        if (answer !== undefined && answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      }
    }
  };
  for (let round = 0; ; round += 1) {
    if (round > 400) throw new Error(`it does not end: ${JSON.stringify(await visible())}`);
    await clients();
    await clock.flush();
    await up();
    const records = await Promise.all(runs.map(path => getRun(disk, path)));
    if (records.every(run => run !== undefined && isOver(run.status))) break;
    const [next = Number.POSITIVE_INFINITY] = clock.pendingUntil();
    // Nothing is going to happen by itself before reconcile comes.
    const quiet = next - clock.now() > RETRY_SECONDS * 1_000;
    if (quiet) {
      await clock.advance(RETRY_SECONDS * 1_000);
      await look();
    } else await clock.advance(next - clock.now());
  }
  // What a last death left to be done.
  await clock.advance(RETRY_SECONDS * 1_000);
  await up();
  await look();

  async function visible(): Promise<unknown> {
    const seen = [];
    for (const path of runs) {
      const run = await getRun(disk, path);
      const jobs = await listJobs(disk, path.run, true);
      const logs: Record<string, readonly string[]> = {};
      for (const [index, job] of jobs) {
        const chunks = await readChunks(disk, path.run, index, 0, job.logChunks, 1_000);
        logs[index] = chunks.flatMap(chunk => chunk.lines.map(line => line.message));
      }
      seen.push({
        run: { status: run?.status, message: run?.message, envIds: run?.envIds, outputs: run?.outputs },
        jobs: [...jobs.values()].map(({ status, message, outputs, steps }) => ({
          status,
          message,
          outputs,
          steps: steps.map(step => ({ status: step?.status, message: step?.message, attempt: step?.attempt })),
        })),
        logs,
        approvals: (await approvalsOfRun(disk, path.run)).map(({ status, decisions }) => ({
          status,
          by: decisions.map(({ by, comment }) => `${by}: ${comment}`),
        })),
      });
    }
    const waiters = [];
    for await (const waiter of allWaiters(disk, GROUP)) waiters.push(waiter.run);
    return { runs: seen, waiters, holders: (await readGroup(disk, GROUP)).holders.size };
  }
  const end = await visible();
  server.machine.close();
  await disk.close();
  return { died, end };
}
