import { afterEach, beforeEach, expect, test } from 'vitest';
import { depthMark } from '../../src/events/delivered-event.ts';
import type { JsonObject } from '../../src/json.ts';
import { listRefusedStarts } from '../../src/store/refused-starts.ts';
import { getRun } from '../../src/store/runs.ts';
import { idOf, openWorld, type World } from '../kit/api-world.ts';
import { type EventWorld, eventWorld, pipelineCall } from '../kit/event-world.ts';

let world: World;
let events: EventWorld;

beforeEach(async () => {
  world = await openWorld();
  events = eventWorld(world);
});
afterEach(() => world.close());

const ACCOUNT = '111122223333';
const CALL = { org_id: 'acme', app_id: 'shop', pipeline_id: 'deploy', inputs: { version: '1.0' } };
const ROBOT = { account: ACCOUNT, service_user: idOf('service') };

test('a Pipeline Call starts the pipeline that it names, as the service user of whoever sent it', async () => {
  expect((await events.callers([ROBOT])).status).toBe(200);
  const event = pipelineCall(CALL);
  expect(await events.handle(event)).toEqual({ started: 1, again: 0, refused: 0 });
  expect(await events.handle(event)).toEqual({ started: 0, again: 1, refused: 0 });
  expect(await events.runs('deploy')).toMatchObject([
    {
      trigger: 'pipeline_call',
      created_by: idOf('service'),
      run_as: idOf('service'),
      inputs: { version: '1.0', replicas: 2 },
    },
  ]);
});

test('a pipeline that calls itself by an event is stopped at depth 5', async () => {
  await events.callers([ROBOT]);
  expect(await events.handle(pipelineCall(CALL, { resources: [depthMark(4)] }))).toMatchObject({ started: 1 });
  const [run] = await events.runs('deploy');
  const record = await getRun(world.table, { org: 'acme', app: 'shop', pipeline: 'deploy', run: String(run?.id) });
  expect(record?.eventDepth).toBe(5);
  expect(await events.handle(pipelineCall(CALL, { resources: [depthMark(5)] }))).toMatchObject({ refused: 1 });
  expect(await events.refused()).toMatchObject([{ trigger: 'pipeline_call', error: 'EVENT_TOO_DEEP' }]);
});

test('the entry that names the source goes before the one that takes any', async () => {
  const other = await world.client({
    method: 'POST',
    path: '/orgs/acme/users',
    body: { name: 'other', role: 'member' },
  });
  await events.callers([ROBOT, { account: ACCOUNT, source: 'com.example.ci', service_user: other.json.id }]);
  expect(await events.handle(pipelineCall(CALL))).toMatchObject({ refused: 1 });
  expect(await events.refused()).toMatchObject([
    { trigger: 'pipeline_call', error: 'FORBIDDEN', message: expect.stringContaining('runs.start') },
  ]);
  expect(await events.handle(pipelineCall(CALL, { source: 'com.example.other' }))).toMatchObject({ started: 1 });
});

test('who is not known starts nothing, until the org knows them', async () => {
  await events.callers([{ ...ROBOT, account: '444455556666' }]);
  expect(await events.handle(pipelineCall(CALL))).toMatchObject({ refused: 1 });
  const [refused] = await events.refused();
  expect(refused).toMatchObject({ error: 'FORBIDDEN', message: expect.stringContaining(`account '${ACCOUNT}'`) });
  await events.callers([ROBOT]);
  expect((await events.retry(refused?.id)).json).toMatchObject({ status: 'started' });
  expect(await events.refused('?status=refused')).toEqual([]);
  expect(await events.refused('?status=started')).toHaveLength(1);
});

test('an entry of one org is worth nothing in another', async () => {
  await events.callers([ROBOT]);
  expect(await events.handle(pipelineCall({ ...CALL, org_id: 'rival' }))).toMatchObject({ refused: 1 });
  const { json } = await world.client({ path: '/orgs/rival/pipeline-runs', token: world.tokens.rival });
  expect(json).toEqual([]);
});

test('a service user that lost its rights starts nothing', async () => {
  await events.callers([ROBOT]);
  await world.client({ method: 'DELETE', path: `/orgs/acme/users/${idOf('service')}` });
  expect(await events.handle(pipelineCall(CALL))).toMatchObject({ refused: 1 });
  expect(await events.refused()).toMatchObject([{ error: 'FORBIDDEN' }]);
});

test.each<readonly [string, JsonObject, string]>([
  ['inputs that the pipeline does not take', { ...CALL, inputs: { version: 1 } }, 'INVALID_INPUTS'],
  ['no inputs where there must be some', { org_id: 'acme', app_id: 'shop', pipeline_id: 'deploy' }, 'INVALID_INPUTS'],
  ['inputs that are no map', { ...CALL, inputs: [] }, 'INVALID_BODY'],
  ['a pipeline that is not there', { ...CALL, pipeline_id: 'nothing' }, 'NOT_FOUND'],
])('%s: refused and recorded', async (_, detail, error) => {
  await events.callers([ROBOT]);
  expect(await events.handle(pipelineCall(detail))).toMatchObject({ refused: 1 });
  expect(await events.refused()).toMatchObject([{ error, pipeline_id: detail.pipeline_id, status: 'refused' }]);
});

test.each<readonly [string, JsonObject]>([
  ['an app that is not there', { ...CALL, app_id: 'nothing' }],
  ['an org that is none', { ...CALL, org_id: '../acme' }],
  ['no pipeline', { org_id: 'acme', app_id: 'shop' }],
  ['more than the documented keys', { ...CALL, run_as: idOf('admin') }],
])('%s: a dead letter, for nobody could read the record', async (_, detail) => {
  await events.callers([ROBOT]);
  await expect(events.handle(pipelineCall(detail))).rejects.toThrow('not an event to act on');
  expect(await events.refused()).toEqual([]);
});

test('the setting is for administrators, and for who sees the org', async () => {
  expect((await events.callers([ROBOT])).json).toEqual({ callers: [ROBOT] });
  const path = '/orgs/acme/settings/event-callers';
  expect((await world.client({ path, token: world.tokens.orgViewer })).json).toEqual({ callers: [ROBOT] });
  expect((await world.client({ path, token: world.tokens.manager })).status).toBe(403);
  for (const person of ['manager', 'owner', 'orgViewer'] as const)
    expect((await events.callers([], person)).status).toBe(403);
  const { json } = await world.client({ path: '/orgs/acme/audit-logs?action=putEventCallers&decision=allowed' });
  expect(json).toMatchObject([{ details: { callers: `${ACCOUNT} * ${idOf('service')}` } }]);
});

test.each<readonly [string, unknown, number]>([
  ['no list', {}, 422],
  ['too many', Array.from({ length: 101 }, (_, index) => ({ ...ROBOT, source: `s${index}` })), 422],
  ['an entry that is none', [1], 422],
  ['an account of 11 digits', [{ ...ROBOT, account: '11112222333' }], 422],
  ['no service user', [{ account: ACCOUNT }], 422],
  ['an empty source', [{ ...ROBOT, source: '' }], 422],
  ['a key that is not documented', [{ ...ROBOT, role: 'administrator' }], 422],
  ['the same twice', [ROBOT, ROBOT], 422],
  ['a user who is no service user', [{ account: ACCOUNT, service_user: idOf('developer') }], 400],
  ['a service user of nobody', [{ account: ACCOUNT, service_user: 's-00000000-0000-4000-8000-0000000000ff' }], 400],
])('the setting refuses %s', async (_, callers, status) => {
  expect(await events.callers(callers as never)).toMatchObject({ status }); // as: also what is wrong is sent
});

test('refused starts are for who reads runs, and are tried again by who starts runs', async () => {
  await events.handle(pipelineCall(CALL));
  const [refused] = await events.refused();
  const path = `/orgs/acme/apps/shop/refused-starts/${refused?.id}`;
  expect((await world.client({ path, token: world.tokens.viewer })).json).toEqual(refused);
  expect((await events.retry(refused?.id, 'viewer')).status).toBe(403);
  expect((await world.client({ path, token: world.tokens.member })).status).toBe(403);
  expect((await world.client({ path, token: world.tokens.rival })).status).toBe(404);
  expect((await world.client({ path: path.replace('shop', 'blog') })).status).toBe(404);
  expect((await events.retry(refused?.id, 'developer')).status).toBe(200);
  expect((await events.retry('01890000-0000-7000-8000-000000000000')).status).toBe(404);
});

test('refused starts go with their app', async () => {
  await events.handle(pipelineCall({ ...CALL, app_id: 'blog' }));
  const path = '/orgs/acme/apps/blog';
  expect((await world.client({ path: `${path}/refused-starts` })).json).toHaveLength(1);
  expect((await world.client({ method: 'DELETE', path })).status).toBe(204);
  expect((await listRefusedStarts(world.table, { org: 'acme', app: 'blog' }, 10)).records).toEqual([]);
});
