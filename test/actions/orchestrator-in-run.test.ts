import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HeldRole } from '../../src/access/roles.ts';
import type { JsonObject } from '../../src/json.ts';
import { listAudit } from '../../src/store/audit.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { orchestratorTenant, putOrchestrator } from '../../src/store/orchestrator.ts';
import { putRole, removeRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { dyingAfter, orDies } from '../kit/dying-table.ts';
import { vault, visible } from '../kit/engine.ts';
import { openProviderEngine, type ProviderEngine } from '../kit/provider-engine.ts';
import { findTraces } from '../kit/secret-traces.ts';
import {
  createOrchestratorStandIn,
  ORCHESTRATOR_TOKEN,
  type OrchestratorOptions,
  type OrchestratorStandIn,
} from '../kit/stand-in-orchestrator.ts';

const SET = '23b88027849dec05';
const MEMBER: HeldRole = { scope: 'org', org: 'demo', role: 'member' };
const DEVELOPER: HeldRole = { scope: 'app', org: 'demo', app: 'hello', role: 'developer' };
const DEPLOYER: HeldRole = { scope: 'env-type', org: 'demo', envType: 'development', role: 'deployer' };

let engine: ProviderEngine;
let open: { close(): unknown }[] = [];

beforeEach(async () => {
  engine = openProviderEngine();
  open = [engine];
  // In the engine `u` starts the run and is the author of its version.
  await putSubject(engine.table, { id: 'u', type: 'user', name: 'u', createdAt: 1 });
  for (const role of [MEMBER, DEVELOPER, DEPLOYER]) await putRole(engine.table, 'u', role, 1);
  const known = { id: 'development', name: 'Development', type: 'development', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(engine.table, { org: 'demo', app: 'hello' }, known);
});
afterEach(async () => {
  for (const thing of open) await thing.close();
});

async function world(options: Omit<OrchestratorOptions, 'now'> = {}): Promise<OrchestratorStandIn> {
  const now = () => engine.clock.now();
  const server = await createOrchestratorStandIn({ org: 'demo', app: 'hello', ...options, now });
  open.push(server);
  const sealed = await vault.seal(orchestratorTenant('demo'), ORCHESTRATOR_TOKEN);
  await putOrchestrator(engine.table, 'demo', { baseUrl: server.origin, sealed, updatedAt: 1, updatedBy: 'u' });
  return server;
}

const define = (action: string, inputs: JsonObject, more = '') => `
name: Test
on: { pipeline_call: { inputs: { secret: { type: string, secret: true } } } }
jobs:
  a:
    outputs: { made: '\${{ toJSON(steps.it.outputs) }}' }
    steps:
      - { id: it, uses: 'actions/humanitec/${action}@v1', with: ${JSON.stringify(inputs)} ${more} }
`;

async function stepOf(path: RunPath) {
  const [job] = [...(await engine.jobs(path)).values()];
  return job?.steps[0];
}

/** What each does to development, and how many of what it made there are then. More: test/e2e/actions-providers.test.ts. */
const CASES: readonly {
  readonly action: string;
  readonly inputs: JsonObject;
  readonly made: (server: OrchestratorStandIn) => number;
  readonly outputs: JsonObject;
  readonly related: Readonly<Record<string, string>>;
}[] = [
  {
    action: 'deploy',
    inputs: { env_id: 'development', set_id: SET, message: 'x', comment: 'y' },
    made: ({ deployments }) => deployments.length,
    outputs: { deployment_id: 'deploy-1', set_id: SET },
    related: { 'application.environment.deployment': 'deploy-1', 'application.set': SET },
  },
  {
    action: 'create-delta',
    inputs: { env_id: 'development', workload_artefacts: [{ id: 'known-1', name: 'n' }] },
    made: ({ deltas }) => deltas.length,
    outputs: { delta_id: 'delta-1' },
    related: { 'application.delta': 'delta-1' },
  },
  {
    action: 'apply',
    inputs: { env_id: 'development', delta_id: 'delta-0' },
    made: ({ sets }) => sets.size - 2,
    outputs: { set_id: expect.any(String) },
    related: { 'application.delta': 'delta-0', 'application.set': expect.any(String) },
  },
  {
    action: 'clone',
    inputs: { from_env_id: 'development', to_env_id: 'development', from_deployment_id: 'deploy-00' },
    made: () => 1,
    outputs: { set_id: SET, deployment_id: 'deploy-00' },
    related: { 'application.set': SET },
  },
  {
    action: 'wait-for-readiness',
    inputs: { env_id: 'development', timeout_minutes: 5 },
    made: () => 1,
    outputs: {},
    related: {},
  },
  {
    action: 'create-environment',
    inputs: { env_id: 'preview', env_type: 'development', name: 'Preview', from_env_id: 'development' },
    made: ({ environments }) => (environments.has('preview') ? 1 : 0),
    outputs: { env_id: 'preview' },
    related: { 'application.environment': 'preview' },
  },
  {
    action: 'delete-environment',
    inputs: { env_id: 'development' },
    made: ({ environments }) => (environments.get('development')?.deletedAt === undefined ? 0 : 1),
    outputs: { env_id: 'development' },
    related: { 'application.environment': 'development' },
  },
];

describe.each(CASES)('$action in a run', ({ action, inputs, made, outputs, related }) => {
  test('it succeeds, tells what it touched, and the token is nowhere', async () => {
    const server = await world();
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({ status: 'succeeded' });
    expect((await stepOf(path))?.related).toMatchObject(related);
    const run = await engine.run(path);
    expect(run).toMatchObject({ status: 'succeeded', envIds: [inputs.env_id ?? 'development'] });
    const [job] = [...(await engine.jobs(path)).values()];
    expect(JSON.parse(String(job?.outputs?.made))).toEqual(outputs);
    expect(made(server)).toBe(1);
    expect(findTraces([ORCHESTRATOR_TOKEN], JSON.stringify(await visible(engine, path)))).toEqual([]);
    expect(engine.reports).toEqual([]);
  });

  test('without an orchestrator it says what to do', async () => {
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^NO_ORCHESTRATOR: .*PUT .*settings\/orchestrator/),
    });
  });

  test('a role that the run lacks is named, the refusal is recorded, and nothing is asked', async () => {
    const server = await world();
    await removeRole(engine.table, 'u', action === 'wait-for-readiness' ? DEVELOPER : DEPLOYER);
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({ status: 'failed', message: expect.stringMatching(/^FORBIDDEN: /) });
    const { records } = await listAudit(engine.table, 'demo', { limit: 10 });
    expect(records).toMatchObject([{ decision: 'refused', actor: 'u', details: { step: `${path.run}/a/it/1` } }]);
    expect(server.asked).toEqual([]);
  });

  test.each([0, 1, 2, 3, 4])(
    'a worker that dies after %i writes is succeeded by one that does it once',
    async writes => {
      const server = await world({ shownAfter: 5_000 });
      const path = await engine.start(define(action, inputs));
      await orDies(engine.turn(path, { table: dyingAfter(engine.table, writes) }));
      await engine.finish(path);
      expect(await stepOf(path)).toMatchObject({ status: 'succeeded' });
      expect(made(server)).toBe(1);
    },
  );
});

test('a deployment is waited for parked, with a pause that grows to a minute', async () => {
  const server = await world({ takes: 600_000 });
  const path = await engine.start(define('deploy', { env_id: 'development', set_id: SET }));
  const waits: { readonly for: unknown; readonly at: number; readonly envs: readonly string[] }[] = [];
  await engine.finish(path, async () => {
    const run = await engine.run(path);
    waits.push({ for: run.waitingFor, at: engine.clock.now(), envs: run.envIds });
  });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  expect(waits.length).toBeGreaterThan(5);
  expect(waits.at(-1)).toMatchObject({
    for: { a: 'application.environment.deployment(deploy-1)' },
    envs: ['development'],
  });
  const pauses = waits.slice(1).map(({ at }, index) => at - (waits[index]?.at ?? 0));
  expect(Math.max(...pauses)).toBe(60_000);
  expect(server.deployments).toHaveLength(1);
});

test('a role that is taken away while it waits ends the waiting', async () => {
  await world({ takes: 86_400_000 });
  const path = await engine.start(define('deploy', { env_id: 'development', set_id: SET }));
  await engine.finish(path, async turn => {
    if (turn === 2) await removeRole(engine.table, 'u', DEPLOYER);
  });
  expect(await stepOf(path)).toMatchObject({ status: 'failed', message: expect.stringMatching(/^FORBIDDEN: /) });
});

test('an orchestrator that sends the token back does not bring it into the run', async () => {
  const body = { error: 'X', message: `bad token ${ORCHESTRATOR_TOKEN}` };
  await world({ troubles: [{ on: 'GET', status: 400, body }] });
  const path = await engine.start(define('deploy', { env_id: 'development', set_id: SET }));
  await engine.finish(path);
  expect(await stepOf(path)).toMatchObject({
    message: 'REQUEST_REFUSED: The orchestrator answered 400: bad token ***',
  });
});

test('a token that does not open is told', async () => {
  const { origin } = await world();
  const sealed = await vault.seal(orchestratorTenant('another'), ORCHESTRATOR_TOKEN);
  await putOrchestrator(engine.table, 'demo', { baseUrl: origin, sealed, updatedAt: 1, updatedBy: 'u' });
  const path = await engine.start(define('deploy', { env_id: 'development', set_id: SET }));
  await engine.finish(path);
  expect(await stepOf(path)).toMatchObject({
    message: expect.stringMatching(/^NO_ORCHESTRATOR: The token .* does not open/),
  });
});
