import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelApproval, getApproval, type NewApproval, putApproval } from '../../../src/store/approvals.ts';
import { listAudit } from '../../../src/store/audit.ts';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import { putRole, removeRole } from '../../../src/store/roles.ts';
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

describe('who started a run as robot, or with another environment', () => {
  test.each([
    [{ minApprovals: 2 }, 403],
    [{ allowSelf: false }, 403],
    [{}, 200],
  ])('a service user decides %j with %i', async (more, status) => {
    const id = await ask(more);
    for (const decision of ['approve', 'deny'] as const) {
      const answer = await decide(id, decision, 'service');
      expect(answer.status).toBe(status);
      if (status === 403) expect(answer.json.message).toContain('service users do not decide it');
    }
  });

  const asked = { type: 'development', createdAt: 1 };
  test.each([
    ['the same one', asked, 'deployer', 200],
    ['one of another type', { ...asked, type: 'production' }, 'deployer', 403],
    ['one that was made later', { ...asked, createdAt: 0 }, 'deployer', 403],
    ['one that was made later', { ...asked, createdAt: 0 }, 'admin', 200],
  ] as const)('%s decides about %j: %s, %i', async (_, environment, person, status) => {
    const id = await ask({ environment });
    const answer = await decide(id, 'approve', person);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json.message).toContain('is not the one any more');
  });

  test('who lost the right meanwhile does not count, and counts again with it', async () => {
    const id = await ask({ minApprovals: 2 });
    await decide(id, 'approve', 'deployer');
    const role = { scope: 'env-type', org: 'acme', envType: 'development', role: 'deployer' } as const;
    expect(await removeRole(world.table, idOf('deployer'), role)).toBe('done');
    expect((await decide(id, 'approve', 'grouped')).json.status).toBe('waiting');
    expect((await decide(id, 'approve', 'second')).json).toMatchObject({
      status: 'approved',
      decisions: [{ by: idOf('grouped') }, { by: idOf('second') }],
    });
    const other = await ask({ minApprovals: 2 });
    await putRole(world.table, idOf('deployer'), role, 1);
    await decide(other, 'approve', 'deployer');
    await removeRole(world.table, idOf('deployer'), role);
    expect((await decide(other, 'approve', 'grouped')).json.status).toBe('waiting');
    await putRole(world.table, idOf('deployer'), role, 1);
    // Said again by somebody who said it before: now there are two.
    expect((await decide(other, 'approve', 'grouped')).json).toMatchObject({
      status: 'approved',
      decisions: [{ by: idOf('deployer') }, { by: idOf('grouped') }],
    });
  });

  test('only what changed something is in the audit log', async () => {
    const id = await ask({ minApprovals: 2 });
    await decide(id, 'approve', 'deployer');
    await decide(id, 'approve', 'deployer');
    await decide(id, 'approve', 'grouped');
    await decide(id, 'deny', 'admin');
    const { records } = await listAudit(world.table, 'acme', { limit: 10 });
    const decisions = records.filter(({ action }) => ['approve', 'deny'].includes(action));
    expect(decisions.map(({ actor, details }) => [actor, details?.decision, details?.outcome])).toEqual([
      [idOf('grouped'), 'approved', 'approved'],
      [idOf('deployer'), 'approved', 'waiting'],
    ]);
  });
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

  test('has none of an older app with the same id', async () => {
    await ask({ createdAt: world.clock.now() - 1 });
    const own = await ask();
    for (const query of ['', '?status=waiting']) {
      expect((await world.client({ path: `${APP}/approvals${query}` })).json).toMatchObject([{ id: own }]);
    }
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

test.each(['a\u0000b', '\u001b[2J'])('a comment with a control character is refused: %j', async comment => {
  const id = await ask();
  expect(await decide(id, 'approve', 'deployer', { comment })).toMatchObject({
    status: 422,
    json: { error: 'INVALID_BODY' },
  });
});

test('a comment may have lines', async () => {
  const id = await ask();
  const comment = 'one\r\n\ttwo \u202e';
  expect((await decide(id, 'approve', 'deployer', { comment })).status).toBe(200);
});

test('the approvals of one run are read without those of others, in pages', async () => {
  const mine: string[] = [];
  for (let each = 0; each < 5; each += 1) {
    await world.clock.advance(1_000);
    mine.unshift(await ask());
    await ask({ run: (await world.addRun()).run });
  }
  const other = { run: run.run, org: 'rival' };
  await ask(other);
  const seen: string[] = [];
  for (let next: string | undefined = `${APP}/approvals?run=${run.run}&per_page=2`; next !== undefined; ) {
    const { json, headers } = await world.client({ path: next });
    seen.push(...json.map(({ id }: { id: string }) => id));
    next = /<(.+)>; rel="next"/.exec(headers.link ?? '')?.[1];
  }
  expect(seen).toEqual(mine);
});
