import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import type { Table } from '../../../src/ports/table.ts';
import { beginToDeleteApp } from '../../../src/store/apps.ts';
import { putRole } from '../../../src/store/roles.ts';
import { readRolesOf } from '../../../src/store/subjects.ts';
import { idOf, openWorld, smallPipeline, type World } from '../../kit/api-world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const BLOG = '/orgs/acme/apps/blog';
const YAML = { 'content-type': 'application/x-yaml' };

async function send(method: string, path: string, body?: unknown, expected = 300): Promise<void> {
  const headers = typeof body === 'string' ? { headers: YAML } : {};
  const answer = await world.client({ method, path, ...(body === undefined ? {} : { body }), ...headers });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(expected);
}

async function fillBlog(): Promise<void> {
  await send('POST', '/orgs/acme/env-types', { id: 'staging' });
  await send('POST', `${BLOG}/envs`, { id: 'dev', name: 'Dev', type: 'staging' });
  await send('POST', `${BLOG}/users`, { id: idOf('member'), role: 'owner' });
  await send('POST', `${BLOG}/values`, { key: 'KEY', value: 'value', description: '', is_secret: false });
  for (const id of ['one', 'two']) await send('POST', `${BLOG}/pipelines`, smallPipeline(id));
}

/** Everything of the app that the next app of its id could inherit. */
async function remains(): Promise<Record<string, unknown>> {
  const list = async (name: string) => (await world.client({ path: `${BLOG}/${name}` })).json;
  return {
    pipelines: await list('pipelines'),
    environments: await list('envs'),
    values: await list('values'),
    roles: (await readRolesOf(world.table, idOf('member'))).filter(({ scope }) => scope === 'app'),
    pipeline: (await world.client({ path: `${BLOG}/pipelines/one` })).status,
  };
}

const DAY = 86_400_000;

/** Of the retention of a world, and 35 more. */
test('the id of an app stays taken for as long as its runs are kept, and nobody gets at those with a new one', async () => {
  const run = await world.addRun();
  await world.endRun(run);
  await send('DELETE', '/orgs/acme/apps/shop');
  const again = { method: 'POST', path: '/orgs/acme/apps', body: { id: 'shop', name: 'Mine' } };
  const asManager = { ...again, token: world.tokens.manager };
  const refused = await world.client(asManager);
  expect(refused.json.error).toBe('APP_ID_TAKEN');
  expect(refused.json.message).toContain('from 2030-05-06T00:00:00.000Z on');
  const path = `/orgs/acme/apps/shop/pipelines/deploy/runs/${run.run}`;
  expect((await world.client({ path, token: world.tokens.manager })).status).toBe(403);
  expect((await world.client({ path: '/orgs/acme/apps' })).json).toMatchObject([{ id: 'blog' }]);
  await world.clock.advance(125 * DAY - 1);
  expect((await world.client(asManager)).status).toBe(409);
  await world.clock.advance(1);
  expect((await world.client(asManager)).status).toBe(201);
  expect((await world.client({ path: '/orgs/acme/apps/shop' })).json).toMatchObject({ name: 'Mine' });
});

test('the id of a type stays taken for a day, and a new one has no deployers', async () => {
  const again = { method: 'POST', path: '/orgs/acme/env-types', body: { id: 'development' } };
  await send('DELETE', '/orgs/acme/env-types/development');
  const refused = await world.client(again);
  expect(refused.json.error).toBe('ENV_TYPE_ID_TAKEN');
  expect(refused.json.message).toContain('2030-01-02T00:00:00.000Z');
  expect((await world.client({ path: '/orgs/acme/env-types' })).json).toMatchObject([{ id: 'production' }]);
  expect((await world.client({ path: '/orgs/acme/env-types/development' })).status).toBe(404);
  const environment = { id: 'dev', name: 'Dev', type: 'development' };
  await send('POST', '/orgs/acme/apps/shop/envs', environment, 401);
  // What an index that was behind left over.
  const role = { scope: 'env-type', org: 'acme', envType: 'development', role: 'deployer' } as const;
  await putRole(world.table, idOf('typeDeployer'), role, world.clock.now());
  await world.clock.advance(DAY);
  expect((await world.client(again)).status).toBe(201);
  expect((await world.client({ path: '/orgs/acme/env-types/development/users' })).json).toEqual([]);
});

test('an app is made without what is left of an older one of its id', async () => {
  await fillBlog();
  await world.table.write({ delete: { pk: 'APPS#acme', sk: 'blog' } });
  await world.clock.advance(2 * 3_600_000);
  await send('POST', '/orgs/acme/apps', { id: 'blog', name: 'Blog' });
  expect(await remains()).toEqual(NOTHING);
  expect((await world.client({ path: `${BLOG}/users` })).json).toMatchObject([{ id: idOf('admin'), role: 'owner' }]);
});

const NOTHING = { pipelines: [], environments: [], values: [], roles: [], pipeline: 404 };

test('what an app had, the next one of its id does not have', async () => {
  await fillBlog();
  await send('DELETE', BLOG);
  await world.clock.advance(125 * DAY);
  await send('POST', '/orgs/acme/apps', { id: 'blog', name: 'Blog' });
  expect(await remains()).toEqual(NOTHING);
  // The type is free as well.
  await send('DELETE', '/orgs/acme/env-types/staging');
});

test('an interrupted deletion is not seen, keeps the id, and is finished by the next one', async () => {
  await fillBlog();
  await beginToDeleteApp(world.table, { org: 'acme', app: 'blog' });
  expect((await world.client({ path: BLOG })).status).toBe(404);
  expect((await world.client({ path: `${BLOG}/pipelines` })).status).toBe(404);
  expect((await world.client({ path: '/orgs/acme/apps' })).json).toMatchObject([{ id: 'shop' }]);
  expect((await world.client({ method: 'PATCH', path: BLOG, body: { name: 'x' } })).status).toBe(404);
  const again = { method: 'POST', path: '/orgs/acme/apps', body: { id: 'blog', name: 'Blog' } };
  expect((await world.client(again)).json.error).toBe('APP_ID_TAKEN');
  await send('DELETE', BLOG);
  expect((await world.client({ method: 'DELETE', path: BLOG })).status).toBe(404);
  await world.clock.advance(125 * DAY);
  expect((await world.client(again)).status).toBe(201);
  expect(await remains()).toEqual(NOTHING);
});

test('a run that is over does not hold the app, and stays', async () => {
  const run = await world.addRun();
  await world.endRun(run);
  await send('DELETE', '/orgs/acme/apps/shop');
  expect((await world.client({ path: '/orgs/acme/pipeline-runs' })).json).toMatchObject([{ id: run.run }]);
});

test('nor does it while its end is still being told', async () => {
  await world.endRun(await world.addRun(), 'succeeded', undefined, true);
  await send('DELETE', '/orgs/acme/apps/shop/pipelines/deploy');
  await send('DELETE', '/orgs/acme/apps/shop');
});

test('roles on a type of environments go with it', async () => {
  const deployer = async () =>
    (await readRolesOf(world.table, idOf('typeDeployer'))).filter(({ scope }) => scope === 'env-type').length;
  expect(await deployer()).toBe(1);
  await send('DELETE', '/orgs/acme/env-types/development');
  expect(await deployer()).toBe(0);
});

test('lists of apps have pages, whichever apps the caller may read', async () => {
  for (const id of ['a1', 'a2', 'a3', 'a4']) {
    await send('POST', '/orgs/acme/apps', { id, name: id });
    await send('POST', `/orgs/acme/apps/${id}/users`, { id: idOf('viewer'), role: 'viewer' });
  }
  for (const [token, expected] of [
    [world.tokens.admin, ['a1', 'a2', 'a3', 'a4', 'blog', 'shop']],
    [world.tokens.viewer, ['a1', 'a2', 'a3', 'a4', 'shop']],
  ] as const) {
    const seen: string[] = [];
    let path: string | undefined = '/orgs/acme/apps?per_page=2';
    while (path !== undefined) {
      const answer = await world.client({ path, token });
      seen.push(...answer.json.map((app: { readonly id: string }) => app.id));
      path = /<([^>]+)>/.exec(answer.headers.link ?? '')?.[1];
    }
    expect(seen).toEqual(expected);
  }
});

test.each([
  ['its type', { pk: 'ENVTYPES#acme', sk: 'development' }, 'UNKNOWN_ENV_TYPE'],
  ['its app', { pk: 'APPS#acme', sk: 'shop' }, 'NOT_FOUND'],
])('an environment that is made while %s is deleted is not there afterwards', async (_, key, error) => {
  const local = openTable({ file: ':memory:', clock: world.clock, sweepSeconds: 0 });
  const table: Table = {
    ...local,
    // Between the check and the answer: right after the environment was written.
    write: async write => {
      const written = await local.write(write);
      if ('put' in write && write.put.pk.startsWith('ENVS#')) await local.write({ delete: key });
      return written;
    },
  };
  const other = await openWorld({ table }, local);
  try {
    const body = { id: 'dev', name: 'Dev', type: 'development' };
    const answer = await other.client({ method: 'POST', path: '/orgs/acme/apps/shop/envs', body });
    expect(answer.json.error).toBe(error);
    expect((await local.query({ pk: 'ENVS#acme/shop' })).items).toEqual([]);
  } finally {
    await other.close();
  }
});
