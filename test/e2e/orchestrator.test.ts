import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { findTraces } from '../kit/secret-traces.ts';
import { createGithub, TOKEN as GITHUB_TOKEN, type Github } from '../kit/stand-in-github.ts';
import {
  createOrchestratorStandIn,
  ORCHESTRATOR_TOKEN,
  type OrchestratorStandIn,
} from '../kit/stand-in-orchestrator.ts';

const FIRST_SET = '23b88027849dec05';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Deployments and tests take this many milliseconds; actions look every few seconds. */
const SHORT = 500;
const LIMIT = 300_000;

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let server: LocalServer;
let orchestrator: OrchestratorStandIn;
let github: Github;
/** Its deployments are in progress. */
let held: string | undefined;
let client: PipecallClient;

beforeAll(async () => {
  data = await temporaryFolder();
  server = await startLocalServer({ data: data.path });
  const now = Date.now;
  const short = { takes: SHORT, readyAfter: SHORT, holds: (env: string) => env === held };
  orchestrator = await createOrchestratorStandIn({ org: 'demo', app: 'hello', now, ...short });
  github = await createGithub({ now, takes: SHORT });
  client = pipecallClient(server.url, ADMIN_TOKEN);
  for (const name of ['promote-after-approval', 'test-before-clone', 'preview']) {
    const text = await readFile(new URL(`../fixtures/pipelines/${name}.yaml`, import.meta.url), 'utf8');
    const { status, body } = await client.upload(text);
    expect(status, JSON.stringify(body)).toBe(201);
  }
  await put('PUT', `${server.url}/orgs/demo/settings/orchestrator`, {
    base_url: orchestrator.origin,
    token: ORCHESTRATOR_TOKEN,
  });
  await put('POST', `${client.app}/values`, { key: 'github-token', value: GITHUB_TOKEN, is_secret: true });
});
afterAll(async () => {
  await server?.stop('SIGTERM');
  await orchestrator?.close();
  await github?.close();
  await data?.remove();
});

async function put(method: string, url: string, body: object): Promise<unknown> {
  const answer = await client.send(method, url, JSON.stringify(body), JSON_TYPE);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

/** Looks until the run stands as wanted; the test's own limit ends it otherwise. */
async function until(pipeline: string, id: string, wanted: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await client.run(pipeline, id);
    if (wanted(run)) return run;
    if (run.status !== 'queued' && run.status !== 'executing') throw new Error(JSON.stringify(run));
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function startRun(pipeline: string, inputs: object): Promise<string> {
  const { status, body } = await client.start(pipeline, inputs);
  expect(status, JSON.stringify(body)).toBe(201);
  return (body as RunView).id; // as: the API answers as its schema says
}

test(
  'a pipeline promotes between environments after approval',
  async () => {
    const pipeline = 'promote-after-approval';
    const id = await startRun(pipeline, { delta_id: 'delta-0', comment: 'Release 7' });
    const deploying = await until(pipeline, id, ({ waiting_for }) => Object.keys(waiting_for).length > 0);
    expect(deploying).toMatchObject({ timeout_seconds: expect.any(Number), status: 'executing' });
    const asked = await until(
      pipeline,
      id,
      ({ waiting_for }) => waiting_for.approval?.startsWith('approval(') === true,
    );
    expect(asked).toMatchObject({ env_ids: expect.arrayContaining(['development', 'production']) });
    expect(orchestrator.deployments.map(({ env }) => env)).toEqual(['development']);

    const [, approval] = /^approval\((.+)\)$/.exec(asked.waiting_for.approval ?? '') ?? [];
    const waiting = await client.job(pipeline, id, 'approval');
    expect(waiting).toMatchObject({ status: 'executing', timeout_seconds: 86_400 });
    const path = `${client.app}/pipelines/${pipeline}/runs/${id}/jobs/approval/approvals/${approval}/approve`;
    await put('POST', path, { comment: 'Go' });

    const run = await client.untilOver(pipeline, id);
    expect(run).toMatchObject({ status: 'succeeded', outputs: { deployment_id: 'deploy-2' }, waiting_for: {} });
    const [first, second] = orchestrator.deployments;
    expect(first).toMatchObject({ env: 'development', body: { comment: expect.stringMatching(/^Release 7 \[/) } });
    // The same set, with the delta in it, is in production now.
    expect(second).toMatchObject({ env: 'production', set: first?.set });
    expect(first?.set).not.toBe(FIRST_SET);
    expect(orchestrator.sets.get(first?.set ?? '')).toMatchObject({ modules: { web: {}, api: {} } });

    const development = await client.job(pipeline, id, 'development');
    expect(development).toMatchObject({
      outputs: { deployment_id: 'deploy-1' },
      steps: [
        { related_entities: { 'application.delta': 'delta-0', 'application.set': first?.set } },
        { related_entities: { 'application.environment.deployment': 'deploy-1', 'application.set': first?.set } },
        { related_entities: { 'application.environment': 'development' } },
      ],
    });
    await expectNoSecret(pipeline, id, ['development', 'approval', 'production']);
  },
  LIMIT,
);

test(
  'a pipeline tests before it clones',
  async () => {
    const pipeline = 'test-before-clone';
    const before = orchestrator.deployments.length;
    const id = await startRun(pipeline, { github: github.origin });
    const run = await client.untilOver(pipeline, id);
    expect(run).toMatchObject({ status: 'succeeded', env_ids: ['production'] });
    const job = await client.job(pipeline, id, 'main');
    expect(job.outputs).toEqual({ tested: 'success', deployment_id: `deploy-${before + 1}` });
    expect(github.runs).toHaveLength(1);
    const made = orchestrator.deployments.slice(before);
    expect(made).toMatchObject([
      { env: 'production', body: { comment: expect.stringMatching(/^A copy of development/) } },
    ]);
    // It was tested before it was cloned.
    const tested = github.runs[0]?.at ?? Infinity;
    expect(tested).toBeLessThan(made[0]?.at ?? 0);
    await expectNoSecret(pipeline, id, ['main']);
  },
  LIMIT,
);

test(
  'a preview is made, deployed to and removed',
  async () => {
    const before = orchestrator.deployments.length;
    const id = await startRun('preview', { change: '7', workload: 'known-1' });
    const run = await client.untilOver('preview', id);
    expect(run).toMatchObject({ status: 'succeeded', env_ids: ['pr-7'] });
    expect(orchestrator.deployments.slice(before)).toMatchObject([{ env: 'pr-7', body: { delta_id: 'delta-1' } }]);
    expect(orchestrator.environments.get('pr-7')).toMatchObject({ type: 'development', deletedAt: expect.any(Number) });
    const { steps } = await client.job('preview', id, 'preview');
    expect(steps).toMatchObject([
      { related_entities: { 'application.environment': 'pr-7' } },
      { related_entities: { 'application.delta': 'delta-1' } },
      { related_entities: { 'application.environment.deployment': `deploy-${before + 1}` } },
      { related_entities: { 'application.environment': 'pr-7' } },
    ]);
  },
  LIMIT,
);

test(
  'a failure has its code, and what was made is removed all the same',
  async () => {
    const id = await startRun('preview', { change: '8', workload: 'unknown' });
    await client.untilOver('preview', id);
    const { steps } = await client.job('preview', id, 'preview');
    expect(steps).toMatchObject([
      { status: 'succeeded' },
      { status: 'failed', status_message: expect.stringMatching(/^UNKNOWN_ARTEFACT: /) },
      { status: 'skipped' },
      { status: 'succeeded', name: 'Clean up' },
    ]);
    expect(orchestrator.environments.get('pr-8')?.deletedAt).toEqual(expect.any(Number));
  },
  LIMIT,
);

test(
  'cancelled while something is deployed, the run ends and the environment is removed',
  async () => {
    const before = orchestrator.deployments.length;
    held = 'pr-9';
    const id = await startRun('preview', { change: '9', workload: 'known-1' });
    await until('preview', id, () => orchestrator.deployments.length > before);
    const { status } = await client.send('POST', `${client.app}/pipelines/preview/runs/${id}/cancel`);
    expect(status).toBe(204);
    held = undefined;
    expect(await client.untilOver('preview', id)).toMatchObject({ status: 'cancelled' });
    expect(orchestrator.environments.get('pr-9')?.deletedAt).toEqual(expect.any(Number));
  },
  LIMIT,
);

test(
  'a server that dies while it waits goes on where it was, and deploys once',
  async () => {
    const before = orchestrator.deployments.length;
    held = 'pr-10';
    const id = await startRun('preview', { change: '10', workload: 'known-1' });
    await until('preview', id, () => orchestrator.deployments.length > before);
    await server.stop('SIGKILL');
    held = undefined;
    server = await startLocalServer({ data: data.path });
    client = pipecallClient(server.url, ADMIN_TOKEN);
    expect(await client.untilOver('preview', id)).toMatchObject({ status: 'succeeded' });
    expect(orchestrator.deployments.slice(before)).toMatchObject([{ env: 'pr-10' }]);
  },
  LIMIT,
);

async function expectNoSecret(pipeline: string, run: string, jobs: readonly string[]): Promise<void> {
  const seen: unknown[] = [await client.run(pipeline, run), server.printed()];
  for (const job of jobs) {
    const view = await client.job(pipeline, run, job);
    seen.push(view);
    for (const { index } of view.steps) seen.push(await client.logs(pipeline, run, job, index));
  }
  const audit = await client.send('GET', `${server.url}/orgs/demo/audit-logs`);
  seen.push(audit.body);
  expect(findTraces([ORCHESTRATOR_TOKEN, GITHUB_TOKEN], JSON.stringify(seen))).toEqual([]);
}
