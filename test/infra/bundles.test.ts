import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemIds } from '../../src/aws/ids.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { claimRun } from '../../src/store/run-writes.ts';
import { createRun, getRun } from '../../src/store/runs.ts';
import { putPendingVersion } from '../../src/store/versions.ts';
import { permissions } from '../fixtures/infra/permissions.ts';
import { type PipecallClient, pipecallClient } from '../kit/pipecall-client.ts';
import { assetFolder, propertiesOf } from './bundled-function.ts';
import { type BundledHome, type FunctionName, openBundledHome, SERVER_SECRET } from './bundled-home.ts';
import { functionsOf, synthesizeBundles } from './synthesize.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PIPELINE = readFileSync(new URL('../fixtures/infra/sum.yaml', import.meta.url), 'utf8');
const ON_EVENT = readFileSync(new URL('../fixtures/infra/on-event.yaml', import.meta.url), 'utf8');
const SECRETS = readFileSync(new URL('../fixtures/infra/secrets.yaml', import.meta.url), 'utf8');
const FAILS = `
id: fails
name: Fails
on: { pipeline_call: {} }
permissions: { application: developer }
jobs: { one: { steps: [{ uses: actions/humanitec/fail@v1, with: { message: no } }] } }
`;
/** What functions write is read from their processes: it comes when it comes. */
const SOON = { timeout: 60_000 };
const ROLES: Readonly<Record<FunctionName, string>> = {
  ApiFunction: 'ApiRole',
  PipelineRunRunJobsFunction: 'PipelineRunRunJobsRole',
  PipelineRunParkRunFunction: 'PipelineRunParkRunRole',
  EventsOnEventFunction: 'EventsOnEventRole',
  ReconciliationReconcileFunction: 'ReconciliationReconcileRole',
  WebhooksDeliverFunction: 'WebhooksDeliverRole',
};

const { folder, template } = synthesizeBundles();
afterAll(() => rmSync(folder, { recursive: true }));
let home: BundledHome;
beforeAll(async () => {
  home = await openBundledHome(folder, template);
  return () => home.close();
});

test('every function of the stack is called here, in the Node that Lambda runs', () => {
  const names = Object.keys(functionsOf(template));
  expect(Object.keys(home.functions).toSorted()).toEqual(names.toSorted());
  for (const { node } of Object.values(home.functions)) expect(node).toMatch(/^24\./);
});

test.each([
  ['/healthz', 200],
  ['/openapi.json', 200],
  ['/orgs/demo/pipelines', 401],
  ['/no-such-path', 404],
])('api: GET %s without a token answers %i', async (path, status) => {
  const response = await fetch(home.url + path);
  expect(response.status).toBe(status);
  expect(await response.json()).toBeTypeOf('object');
});

test('api and run-jobs: the first administrator of docs/operations.md uploads a pipeline, which runs jq', async () => {
  const client = pipecallClient(home.url, await firstAdministrator());
  const app = JSON.stringify({ id: 'hello', name: 'Hello' });
  const json = { 'content-type': 'application/json' };
  expect(await client.send('POST', `${home.url}/orgs/demo/apps`, app, json)).toMatchObject({ status: 201 });
  expect(await client.upload(PIPELINE)).toMatchObject({ status: 201 });
  const summed = await client.finish('sum', { numbers: [1, 2, 3] });
  expect(summed).toMatchObject({ status: 'succeeded', outputs: { sum: 6 } });

  const pipeline = `${client.app}/pipelines/sum`;
  const run = `${pipeline}/runs/${summed.id}`;
  const org = `${home.url}/orgs/demo`;
  const lists = [`${org}/pipelines`, `${client.app}/pipelines`, `${org}/pipeline-runs`, `${pipeline}/runs`];
  for (const list of [...lists, `${pipeline}/versions`, `${run}/jobs`, `${run}/jobs/add/steps/1/logs`]) {
    expect(await client.send('GET', list), list).toMatchObject({ status: 200, body: [expect.anything()] });
  }
  // Sealed by the one, opened by the other.
  const secret = JSON.stringify({ key: 'TOKEN', value: 'a sealed value', is_secret: true });
  expect(await client.send('POST', `${client.app}/values`, secret, json)).toMatchObject({ status: 201 });
  expect(await client.upload(SECRETS)).toMatchObject({ status: 201 });
  expect(await client.finish('secrets', { word: 'a sealed input' })).toMatchObject({
    ...{ status: 'succeeded', inputs: { word: '***' }, outputs: { opened: true, shown: '***, ***' } },
  });
  expect(home.functions.ApiFunction.calls()).toContain('kms:GenerateDataKey');
  expect(home.functions.PipelineRunRunJobsFunction.calls()).toContain('kms:Decrypt');

  const change = PIPELINE.replace('name: Sum', 'name: The sum');
  const type = { 'content-type': 'application/x-yaml' };
  expect(await client.send('PATCH', pipeline, change, type)).toMatchObject({ status: 200 });
  expect(await client.send('DELETE', pipeline)).toMatchObject({ status: 204 });
  expectNoMoreThanAllowed('ApiFunction');
  expectNoMoreThanAllowed('PipelineRunRunJobsFunction');
});

test('a run in measurements and lines: of the request that started it, and of its worker', async () => {
  const client = pipecallClient(home.url, await firstAdministrator());
  const app = JSON.stringify({ id: 'hello', name: 'Hello' });
  await client.send('POST', `${home.url}/orgs/demo/apps`, app, { 'content-type': 'application/json' });
  expect(await client.upload(FAILS)).toMatchObject({ status: 201 });
  const { id: run, status } = await client.finish('fails', {});
  expect(status).toBe('failed');
  const { ApiFunction: api, PipelineRunRunJobsFunction: worker } = home.functions;
  const measured = () => worker.lines().filter(line => '_aws' in line && line.run === run);
  await vi.waitFor(() => expect(measured()).toHaveLength(4), SOON);
  const about = {
    ...{ org: 'demo', app: 'hello', pipeline: 'fails', run, service: 'Pipecall' },
    ...{ function_name: 'test', function_request_id: 'test', cold_start: expect.stringMatching(/^(true|false)$/) },
  };
  const line = (dimensions: object, values: Readonly<Record<string, 'Count' | 'Seconds'>>) => ({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Pipecall',
          Dimensions: [['service', ...Object.keys(dimensions)]],
          Metrics: Object.entries(values).map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    ...about,
    ...dimensions,
    ...Object.fromEntries(Object.keys(values).map(name => [name, expect.any(Number)])),
  });
  expect(measured()).toEqual([
    line({ waited_for: 'start' }, { QueueWait: 'Seconds' }),
    { ...line({ code: 'FAILED' }, { StepFailures: 'Count' }), StepFailures: 1 },
    { ...line({ status: 'failed' }, { RunsEnded: 'Count' }), RunsEnded: 1 },
    line({}, { RunDuration: 'Seconds' }),
  ]);
  await vi.waitFor(
    () => expect(api.lines()).toContainEqual(expect.objectContaining({ RunsStarted: 1, app: 'hello' })),
    SOON,
  );
  const request = api.lines().find(one => one.message === 'request' && one.path?.toString().endsWith('/fails/runs'));
  expect(request).toMatchObject({ level: 'info', service: 'Pipecall', status: 201, org: 'demo', app: 'hello' });
  expect(request?.requestId).toBeTypeOf('string');
});

test('park-run: leaves the token, or wakes at once when a signal came', async () => {
  const run = await queuedRun();
  await claimRun(home.table, run, Date.now());
  const { PipelineRunParkRunFunction: parkRun } = home.functions;
  await parkRun.call({ token: 'a-token', input: run, epoch: 1, signal: 0 });
  expect(await getRun(home.table, run)).toMatchObject({ token: 'a-token' });
  await parkRun.call({ token: 'another-token', input: run, epoch: 1, signal: 7 });
  expect(await getRun(home.table, run)).toMatchObject({ token: 'a-token' });
  await parkRun.call({ token: 'a-token', input: { ...run, run: systemIds.ordered() }, epoch: 1, signal: 0 });
  expect(parkRun.calls()).toContain('states:SendTaskSuccess');
  expectNoMoreThanAllowed('PipelineRunParkRunFunction');
});

test('reconcile: starts a run that has no execution', async () => {
  const run = await queuedRun();
  const { ReconciliationReconcileFunction: reconcile } = home.functions;
  expect(await reconcile.call({})).toMatchObject({ failed: 0 });
  expect(home.execution(run.run)).toMatchObject({ input: run });
  expectNoMoreThanAllowed('ReconciliationReconcileFunction');
});

test('on-event: an event starts the pipeline that it meets, and one that it cannot start is recorded', async () => {
  const client = pipecallClient(home.url, await firstAdministrator());
  const app = JSON.stringify({ id: 'hello', name: 'Hello' });
  await client.send('POST', `${home.url}/orgs/demo/apps`, app, { 'content-type': 'application/json' });
  expect(await client.upload(ON_EVENT)).toMatchObject({ status: 201 });
  const { EventsOnEventFunction: onEvent } = home.functions;
  const event = (id: string, detail: object) => ({
    ...{ version: '0', id, 'detail-type': 'Placed', source: 'com.example.shop', account: '111122223333' },
    ...{ time: '2030-01-01T00:00:00Z', region: 'eu-central-1', resources: [], detail },
  });
  const good = event('event-1', { word: 'x'.repeat(2_000) });
  expect(await onEvent.call(good)).toEqual({ started: 1, again: 0, refused: 0 });
  expect(await onEvent.call(good)).toEqual({ started: 0, again: 1, refused: 0 });
  expect(await onEvent.call(event('event-2', { word: 1, more: 'x'.repeat(2_000) }))).toMatchObject({ refused: 1 });
  const refused = await client.send('GET', `${client.app}/refused-starts`);
  expect(refused).toMatchObject({ status: 200, body: [{ pipeline_id: 'on-event', error: 'INVALID_INPUTS' }] });
  expectNoMoreThanAllowed('EventsOnEventFunction');
});

test('deliver-webhooks: opens the secret, asks the egress guard, and records what came of it', async () => {
  const client = pipecallClient(home.url, await firstAdministrator());
  const json = { 'content-type': 'application/json' };
  await client.send('POST', `${home.url}/orgs/demo/apps`, JSON.stringify({ id: 'hello', name: 'Hello' }), json);
  const webhook = JSON.stringify({ id: 'hook', url: home.url });
  expect(await client.send('POST', `${client.app}/webhooks`, webhook, json)).toMatchObject({ status: 201 });
  const { WebhooksDeliverFunction: deliver } = home.functions;
  const at = new Date().toISOString();
  const detail = { id: 'a/failed', org_id: 'demo', app_id: 'hello', status: 'failed', at };
  await deliver.call({
    ...{ version: '0', id: 'event-1', 'detail-type': 'Pipeline Run Status Change', source: 'pipecall' },
    ...{ account: '111122223333', time: at, region: 'eu-central-1', resources: [], detail },
  });
  const list = `${client.app}/webhooks/hook/deliveries`;
  const refused = { event_id: 'a/failed', status: 'pending', attempts: 1, error: 'EGRESS_REFUSED' };
  expect(await client.send('GET', list)).toMatchObject({ status: 200, body: [refused] });
  await client.send('POST', `${list}/${await onlyIdOf(client, list)}/redeliver`);
  await deliver.call({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
  expect(await client.send('GET', list)).toMatchObject({ body: [{ ...refused, attempts: 2 }] });
  expect(deliver.calls()).toContain('kms:Decrypt');
  expectNoMoreThanAllowed('WebhooksDeliverFunction');
});

async function onlyIdOf(client: PipecallClient, list: string): Promise<string> {
  const { body } = await client.send('GET', list);
  const [only] = body as readonly { readonly id: string }[]; // as: what the API answers is judged elsewhere
  return only?.id ?? '';
}

test('api: what a cold start reads stays small, without the clients of the actions', () => {
  const { eager, all } = filesOf('ApiFunction');
  // performance.md: at most 450 KB. What is imported later (YAML, JSON Schema, the SDK's other credentials) is apart.
  expect(bytesOf(eager)).toBeLessThan(450_000);
  expect(marksIn(all)).not.toContain('undici');
  expect(marksIn(all)).not.toContain('jq');
  expect(marksIn(eager)).toEqual([]);
});

test('the marks of libraries are really in bundles that have them', () => {
  expect(marksIn(filesOf('PipelineRunRunJobsFunction').all)).toEqual(Object.keys(MARKS));
});

/** Text that minifying leaves alone: a diagnostics channel, the start of the wasm file, a tag, the URI of a schema. */
const MARKS = {
  undici: /undici:request:create/,
  jq: /AGFzbQEAAAA/,
  kms: /TrentService/,
  yaml: /tag:yaml\.org,2002:/,
  ajv: /raw\.githubusercontent\.com\/ajv-validator/,
};

function expectNoMoreThanAllowed(name: FunctionName): void {
  const allowed = permissions[ROLES[name]]?.flatMap(([actions]) => actions.split(' ')) ?? [];
  const calls = home.functions[name].calls();
  expect(calls).not.toEqual([]);
  expect(calls.filter(call => !allowed.includes(call))).toEqual([]);
}

let administrator: Promise<string> | undefined;

/** There is one first administrator, whoever asks first. */
function firstAdministrator(): Promise<string> {
  administrator ??= bootstrap();
  return administrator;
}

/** Runs the command of docs/operations.md that makes the first administrator; it prints the token. */
async function bootstrap(): Promise<string> {
  const guide = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
  const [, documented = ''] = /npm run --silent bootstrap -- (.* --server-secret-file -)$/m.exec(guide) ?? [];
  const args = documented.replace('acme', 'demo').replace("'<TableName>'", home.tableName).split(' ');
  const child = spawn(process.execPath, ['cli/main.ts', 'bootstrap', ...args], {
    cwd: ROOT,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: home.dynamoDb,
    },
  });
  child.stdin.end(`${SERVER_SECRET}\n`);
  const [printed, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(printed, complaints).toMatch(/^pcl_/);
  return printed.trim();
}

async function queuedRun(): Promise<RunPath> {
  const path = { org: 'demo', app: 'hello', pipeline: 'fails', run: systemIds.ordered() };
  const now = Date.now();
  const rest = { version: systemIds.ordered(), trigger: 'pipeline_call', createdBy: 'nobody', runAs: 'nobody' };
  await putPendingVersion(home.table, { ...path, ...rest, text: FAILS, createdAt: now });
  await createRun(home.table, { ...path, ...rest, createdAt: now, timeoutSeconds: 60, inputs: {} }, now + 60_000);
  return path;
}

type Files = ReadonlyMap<string, string>;

/** The files of a bundle by name: those that a cold start reads, and all. */
function filesOf(name: FunctionName): { readonly eager: Files; readonly all: Files } {
  const asset = assetFolder(folder, propertiesOf(template, name).Code.S3Key);
  const all = new Map(readdirSync(asset).map(file => [file, readFileSync(join(asset, file), 'utf8')]));
  const eager = new Map<string, string>();
  const read = (file: string) => {
    const source = all.get(file);
    if (source === undefined || eager.has(file)) return;
    eager.set(file, source);
    for (const [, imported = ''] of source.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) read(imported);
  };
  read('index.mjs');
  return { eager, all };
}

function marksIn(files: Files): readonly string[] {
  const texts = [...files.values()];
  return Object.entries(MARKS).flatMap(([library, mark]) => (texts.some(file => mark.test(file)) ? [library] : []));
}

function bytesOf(files: Files): number {
  return [...files.values()].reduce((sum, source) => sum + Buffer.byteLength(source), 0);
}
