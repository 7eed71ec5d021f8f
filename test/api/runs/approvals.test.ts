import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelApproval, getApproval, type NewApproval, putApproval } from '../../../src/store/approvals.ts';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import { claimRun, leaveToken } from '../../../src/store/run-writes.ts';
import { getRun, type RunRecord } from '../../../src/store/runs.ts';
import { createApiClient } from '../../kit/api-client.ts';
import { idOf, openWorld, type Person, type World } from '../../kit/api-world.ts';

const APP = '/orgs/acme/apps/shop';

let world: World;
let run: RunRecord;
let count = 0;

beforeEach(async () => {
  world = await openWorld();
  const path = { org: 'acme', app: 'shop' };
  for (const type of ['development', 'production']) {
    const env = { id: `${type}-1`, name: type, type, createdAt: 1, createdBy: 'u' };
    await putNewEnvironment(world.table, path, env);
  }
  run = await world.addRun();
  await claimRun(world.table, run, world.clock.now());
});
afterEach(() => world.close());

async function ask(more: Partial<NewApproval> = {}): Promise<string> {
  count += 1;
  const id = `00000000-0000-8000-8000-${String(count).padStart(12, '0')}`;
  await putApproval(world.table, {
    org: 'acme',
    app: 'shop',
    pipeline: 'deploy',
    run: run.run,
    job: 'release',
    id,
    envId: 'development-1',
    message: 'Release 1.0?',
    minApprovals: 1,
    allowSelf: true,
    createdAt: world.clock.now(),
    expiresAt: 4_000_000_000,
    ...more,
  });
  return id;
}

const pathOf = (id: string, job = 'release') => `${APP}/pipelines/deploy/runs/${run.run}/jobs/${job}/approvals/${id}`;
const decide = (id: string, decision: 'approve' | 'deny', as: Person = 'deployer', body?: unknown) =>
  world.client({
    method: 'POST',
    path: `${pathOf(id)}/${decision}`,
    token: world.tokens[as],
    ...(body === undefined ? {} : { body }),
  });

test('an approval is read with all that it is about', async () => {
  const id = await ask();
  expect((await world.client({ path: pathOf(id) })).json).toMatchObject({
    id,
    org_id: 'acme',
    app_id: 'shop',
    pipeline_id: 'deploy',
    run_id: run.run,
    job_id: 'release',
    env_id: 'development-1',
    message: 'Release 1.0?',
    created_at: '2030-01-01T00:00:00.000Z',
    status: 'waiting',
    decisions: [],
  });
  expect((await world.client({ path: pathOf(id, 'build') })).status).toBe(404);
});

test('one who may decides, without a body or with a comment, and the run is woken', async () => {
  await leaveToken(world.table, run, 'the-token', { epoch: 1, signal: 0 });
  const id = await ask();
  const { status, json } = await decide(id, 'approve', 'deployer', { comment: 'fine' });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    status: 'approved',
    approved_by: idOf('deployer'),
    approved_at: '2030-01-01T00:00:00.000Z',
    comment: 'fine',
    decisions: [{ by: idOf('deployer'), decision: 'approved', comment: 'fine' }],
  });
  expect(world.executions.woken).toEqual(['the-token']);
  expect((await getRun(world.table, run))?.signal).toBe(1);
  const other = await ask();
  expect((await decide(other, 'deny')).json).toMatchObject({ status: 'denied', approved_by: idOf('deployer') });
});

test('an outcome stays, and whoever comes later sees it', async () => {
  const id = await ask();
  await decide(id, 'deny');
  const later = await decide(id, 'approve', 'admin');
  expect(later).toMatchObject({ status: 200, json: { status: 'denied', decisions: [{ by: idOf('deployer') }] } });
  // The first one may have died before it told the run.
  expect((await getRun(world.table, run))?.signal).toBe(2);
});

test.each<[Person, number, string]>([
  ['deployer', 200, 'development-1'],
  ['grouped', 200, 'development-1'],
  ['admin', 200, 'development-1'],
  ['deployer', 403, 'production-1'],
  ['developer', 403, 'development-1'],
  ['typeDeployer', 403, 'development-1'],
  ['viewer', 403, 'development-1'],
  ['orgViewer', 403, 'development-1'],
  ['member', 403, 'development-1'],
  ['rival', 404, 'development-1'],
  ['deployer', 403, 'gone'],
  ['admin', 200, 'gone'],
])('%s decides with %i on %s', async (person, status, envId) => {
  const id = await ask({ envId });
  expect((await decide(id, 'approve', person)).status).toBe(status);
  expect((await getApproval(world.table, { run: run.run, id }))?.status).toBe(status === 200 ? 'approved' : 'waiting');
});

test('so many different people have to approve as it asks for', async () => {
  const id = await ask({ minApprovals: 2 });
  expect((await decide(id, 'approve')).json).toMatchObject({ status: 'waiting' });
  expect((await decide(id, 'approve')).json).toMatchObject({
    status: 'waiting',
    decisions: [{ by: idOf('deployer') }],
  });
  expect((await getRun(world.table, run))?.signal).toBe(0);
  expect((await decide(id, 'approve', 'grouped')).json).toMatchObject({
    status: 'approved',
    approved_by: idOf('grouped'),
  });
});

test('one who denies is enough', async () => {
  const id = await ask({ minApprovals: 3 });
  await decide(id, 'approve');
  expect((await decide(id, 'deny', 'grouped')).json).toMatchObject({ status: 'denied', approved_by: idOf('grouped') });
});

test('the one who started the run may be excluded', async () => {
  const id = await ask({ allowSelf: false });
  expect(await decide(id, 'approve', 'admin')).toMatchObject({ status: 403, json: { error: 'FORBIDDEN' } });
  expect((await decide(id, 'approve')).json).toMatchObject({ status: 'approved' });
});

test('nobody decides what nobody waits for', async () => {
  const id = await ask();
  await cancelApproval(world.table, { run: run.run, id });
  expect(await decide(id, 'approve')).toMatchObject({ status: 400, json: { error: 'APPROVAL_IS_CANCELLED' } });
});

test.each([
  [{ comment: 5 }, 422],
  [{ comment: 'x'.repeat(1_001) }, 422],
  [{ status: 'approved' }, 400],
  [[], 422],
])('a decision with %j is refused', async (body, status) => {
  expect((await decide(await ask(), 'approve', 'deployer', body)).status).toBe(status);
});

describe('the list of an app', () => {
  test('has the newest first, in pages, and takes filters', async () => {
    const [first, second, third] = [await ask(), await ask(), await ask()];
    await decide(second, 'deny');
    const list = async (query: string) =>
      (await world.client({ path: `${APP}/approvals${query}` })).json.map((one: { id: string }) => one.id);
    expect(await list('')).toEqual([third, second, first]);
    expect(await list('?status=waiting')).toEqual([third, first]);
    expect(await list('?status=denied&status=cancelled')).toEqual([second]);
    expect(await list(`?run=${run.run}&pipeline=deploy`)).toHaveLength(3);
    expect(await list('?pipeline=other')).toEqual([]);
    const page = await world.client({ path: `${APP}/approvals?per_page=2` });
    const [, next = ''] = /<(.+)>; rel="next"/.exec(page.headers.link ?? '') ?? [];
    expect((await world.client({ path: next })).json).toMatchObject([{ id: first }]);
    expect((await world.client({ path: '/orgs/acme/apps/blog/approvals' })).json).toEqual([]);
  });
});

test.each(Array.from({ length: 10 }, (_, round) => round))('50 decisions at once make one outcome (%i)', async () => {
  const id = await ask();
  const people = ['deployer', 'grouped', 'admin', 'second'] as const;
  const clients = people.map(person => createApiClient(world.handler, world.tokens[person]));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const client = clients[index % clients.length] ?? world.client;
      return client({ method: 'POST', path: `${pathOf(id)}/${index % 2 === 0 ? 'approve' : 'deny'}` });
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.json.decisions).toHaveLength(1);
});
