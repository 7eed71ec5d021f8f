import { createExecutions } from '../../../local/executions.ts';
import { createStateMachine, type StateMachine } from '../../../local/step-functions/state-machine.ts';
import { openTable } from '../../../local/table/open-table.ts';
import { createVault } from '../../../local/vault.ts';
import { type Action, succeeded } from '../../../src/actions/action.ts';
import { actions as realActions } from '../../../src/actions/registry.ts';
import { systemIds } from '../../../src/aws/ids.ts';
import type { Executions } from '../../../src/ports/executions.ts';
import { beginRun } from '../../../src/run/begin-run.ts';
import { createDefinitions } from '../../../src/run/definitions.ts';
import { type Parking, parkRun } from '../../../src/run/park-run.ts';
import { reconcile } from '../../../src/run/reconcile.ts';
import { runJobs } from '../../../src/run/run-jobs.ts';
import { signalRun } from '../../../src/run/signal-run.ts';
import { approvalsOfRun, changeApproval } from '../../../src/store/approvals.ts';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import { allWaiters, readGroup } from '../../../src/store/groups.ts';
import { listJobs } from '../../../src/store/jobs.ts';
import type { RunPath } from '../../../src/store/keys.ts';
import { readChunks } from '../../../src/store/logs.ts';
import { createRun, getRun, isOver } from '../../../src/store/runs.ts';
import { putPendingVersion } from '../../../src/store/versions.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { createLife, type Fate, type Life, survive } from '../../kit/life.ts';
import { PIPELINE_RUN } from '../../kit/pipeline-run.ts';

/** Who dies: one request to the API, one function of the state machine, or the whole server. */
export type Victim = 'api' | 'worker' | 'server';
export type Fault = { readonly victim: Victim; readonly call: number; readonly fate: Exclude<Fate, 'lives'> };

const PIPELINE = { org: 'demo', app: 'shop', pipeline: 'p' };
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
                ids: systemIds,
                definitions: createDefinitions(table, actions),
                vault: createVault(new Uint8Array(32)),
                actions,
                clients: { http: () => Promise.reject(new Error('no')), jq: () => Promise.reject(new Error('no')) },
                retentionDays: 90,
                maxParallelJobs: 20,
                urlOf: ({ run }) => `http://test/${run}`,
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
      ids: systemIds,
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

  await putNewEnvironment(disk, PIPELINE, {
    id: 'development',
    name: 'Development',
    type: 'development',
    createdAt: clock.now(),
    createdBy: 'u',
  });
  await putPendingVersion(disk, { ...PIPELINE, version: 'v', text, createdAt: clock.now(), createdBy: 'u' });
  const runs: readonly RunPath[] = [1, 2].map(() => ({ ...PIPELINE, run: systemIds.ordered() }));
  const start = (path: RunPath, at: number): Promise<void> =>
    request(async own => {
      const created = await createRun(
        own.table,
        {
          ...path,
          version: 'v',
          trigger: 'pipeline_call',
          createdAt: at,
          createdBy: 'u',
          runAs: 'u',
          timeoutSeconds: 86_400,
          inputs: {},
          group: { name: GROUP.name, limit: 1 },
        },
        Math.ceil(at / 1_000) + 86_400,
      );
      // A request that comes again finds the run, and leaves it to reconcile to begin it.
      if (created.outcome === 'created') await beginRun(own, created.run, false);
    });
  const decide = (path: RunPath, id: string): Promise<void> =>
    request(async own => {
      await changeApproval(own.table, { run: path.run, id }, ({ decisions }) => ({
        status: 'approved',
        decisions: [...decisions, { by: 'anna', at: clock.now(), decision: 'approved', comment: 'Go.' }],
      }));
      await signalRun(own, path);
    });

  /** Clients try again until what they want stands in the table. */
  const clients = async (): Promise<void> => {
    for (const path of runs) {
      while ((await getRun(disk, path)) === undefined) await start(path, clock.now());
      for (const approval of await approvalsOfRun(disk, path.run))
        if (approval.status === 'waiting') await decide(path, approval.id);
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
