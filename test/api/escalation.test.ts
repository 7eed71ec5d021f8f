import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PIPELINES_SYSTEM_USER } from '../../src/access/identity.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import { schemas } from '../../src/api/schemas.ts';
import type { JsonObject } from '../../src/json.ts';
import type { ApiAnswer } from '../kit/api-client.ts';
import { CREW } from '../kit/api-people.ts';
import { idOf, openWorld, type Person, smallPipeline, type World } from '../kit/api-world.ts';
import { sampleBody } from '../kit/sample-body.ts';
import { fillPath, furnish, type Tenant } from '../kit/tenant.ts';

const SHOP = '/orgs/acme/apps/shop';
const PIPELINES = `${SHOP}/pipelines`;
const PIPELINE = `${PIPELINES}/lent`;
const TYPE_USERS = '/orgs/acme/env-types/development/users';

let world: World;
let tenant: Tenant;

beforeEach(async () => {
  world = await openWorld();
  const names = { app: 'shop', envType: 'development', name: 'own' };
  tenant = await furnish(world, 'acme', world.tokens.admin, names);
});
afterEach(() => world.close());

const withPermissions = (lines: string): string =>
  smallPipeline('lent', lines === '' ? '' : `permissions:\n${lines.replaceAll(/^/gm, '  ')}\n`);

const LENDS_APP = 'application: developer';
const LENDS_TYPE = 'env-types:\n  development: deployer';
const AS_SERVICE = `run-as: ${idOf('service')}`;

const save = (who: Person, body: string, method = 'POST', search = ''): Promise<ApiAnswer> =>
  world.client({
    method,
    path: (method === 'POST' ? PIPELINES : PIPELINE) + search,
    headers: { 'content-type': 'application/x-yaml' },
    body,
    token: world.tokens[who],
  });

const start = (who: Person, search = ''): Promise<ApiAnswer> =>
  world.client({ method: 'POST', path: `${PIPELINE}/runs${search}`, body: { inputs: {} }, token: world.tokens[who] });

/** As the administrator; it has to work. */
async function administrate(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await world.client({ method, path, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
}

const giveType = (who: Person) => administrate('POST', TYPE_USERS, { id: idOf(who), role: 'deployer' });
const takeType = (who: Person) => administrate('DELETE', `${TYPE_USERS}/${idOf(who)}`);

function expectForbidden(answer: ApiAnswer, ...says: readonly string[]): void {
  expect([answer.status, answer.json?.error], answer.text).toEqual([403, 'FORBIDDEN']);
  for (const part of says) expect(answer.json.message).toContain(part);
}

describe('a plan', () => {
  test.each([
    [AS_SERVICE, 'admin', true],
    [LENDS_APP, 'owner', true],
    ['application: viewer', 'owner', false],
  ] as const)('names no roles of whom the run acts as: %s', async (permissions, author, held) => {
    const reads = withPermissions(permissions).replace('hello', '${{ app.values.KEY }}');
    expect((await save(author, reads)).status).toBe(201);
    const { json } = await start('developer', '?dry_run=plan');
    const found = json.permissions.find((one: { readonly holder: string }) => one.holder === 'run');
    expect(found).toMatchObject({ permission: 'values.open', held });
    expect(found.reason).toBe(`${json.run_as} ${held ? 'may' : 'may not'}`);
    expect(json.run_as).not.toBe(idOf('developer'));
  });

  test('names those of the caller', async () => {
    expect((await save('owner', smallPipeline('lent').replace('hello', '${{ app.values.KEY }}'))).status).toBe(201);
    const { json } = await start('developer', '?dry_run=plan');
    expect(json.permissions).toContainEqual(
      expect.objectContaining({ holder: 'run', held: true, reason: "developer of app 'shop'" }),
    );
  });
});

describe('saving', () => {
  test.each<[Person, string, string]>([
    ['owner', LENDS_TYPE, "not held: deployer of environment type 'development'"],
    ['owner', `${LENDS_APP}\n${LENDS_TYPE}`, "not held: deployer of environment type 'development'"],
    ['owner', AS_SERVICE, `service user '${idOf('service')}' has it: administrator of org 'acme'`],
    ['owner', 'run-as: s-00000000-0000-4000-8000-00000000dead', "has no role in org 'acme'"],
    ['admin', 'run-as: s-00000000-0000-4000-8000-00000000dead', "has no role in org 'acme'"],
    ['developer', '', "pipelines.create in app 'shop' needs administrator of org 'acme', or owner of app 'shop'"],
    ['deployer', LENDS_TYPE, 'pipelines.create'],
    ['manager', LENDS_APP, 'pipelines.create'],
  ])('%s lends %j: 403, and nothing is saved', async (who, permissions, reason) => {
    expectForbidden(await save(who, withPermissions(permissions)), reason);
    expectForbidden(await save(who, withPermissions(permissions), 'POST', '?dry_run=true'), reason);
    expect((await world.client({ path: PIPELINE })).status).toBe(404);
  });

  test.each<[Person, string]>([
    ['owner', ''],
    ['owner', 'run-as: inherit'],
    ['owner', LENDS_APP],
    ['owner', 'application: owner'],
    ['admin', `${LENDS_APP}\n${LENDS_TYPE}`],
    ['admin', AS_SERVICE],
  ])('%s lends %j: they hold it', async (who, permissions) => {
    expect((await save(who, withPermissions(permissions), 'POST', '?dry_run=true')).status).toBe(204);
    expect((await save(who, withPermissions(permissions))).status).toBe(201);
  });

  test('somebody who holds it through a group', async () => {
    await administrate('POST', `${SHOP}/users`, { id: idOf('grouped'), role: 'owner' });
    expect((await save('grouped', withPermissions(LENDS_TYPE))).status).toBe(201);
  });
});

describe('changing', () => {
  const LENT = withPermissions(`${LENDS_APP}\n${LENDS_TYPE}`);
  const versionNow = async (): Promise<string> => (await world.client({ path: PIPELINE })).json.version;

  test('the whole is judged: whoever does not hold what is lent changes nothing around it', async () => {
    expect((await save('admin', LENT)).status).toBe(201);
    const before = await versionNow();
    const reason = "not held: deployer of environment type 'development'";
    for (const body of [LENT, LENT.replace('hello', 'steal'), withPermissions(LENDS_TYPE)]) {
      expectForbidden(await save('owner', body, 'PATCH'), reason);
      expectForbidden(await save('owner', body, 'PATCH', '?dry_run=true'), reason);
    }
    expect(await versionNow()).toBe(before);
  });

  test('without `permissions` nothing is lent any more: runs act as whoever starts them', async () => {
    await save('admin', LENT);
    expect((await start('developer')).json.run_as).toBe(PIPELINES_SYSTEM_USER);
    expect((await save('owner', withPermissions(''), 'PATCH')).status).toBe(200);
    expect((await start('developer')).json.run_as).toBe(idOf('developer'));
  });

  test('what is lent is of the version: an old one is judged by its own author', async () => {
    const lent = (await save('admin', LENT)).json.version;
    await save('owner', withPermissions(LENDS_APP), 'PATCH');
    await administrate('DELETE', `${SHOP}/users/${idOf('owner')}`);
    expectForbidden(await start('developer'), idOf('owner'));
    expect((await start('developer', `?version=${lent}`)).status).toBe(201);
  });

  test('whoever saves the same text again takes over what it lends', async () => {
    await save('admin', LENT);
    const before = await versionNow();
    expect((await save('admin', LENT, 'PATCH')).json.version).toBe(before);
    expect((await save('second', LENT, 'PATCH')).json.version).not.toBe(before);
  });
});

describe('starting', () => {
  test('a run with delegated roles acts as the system user, one with run-as as the service user', async () => {
    await save('admin', withPermissions(LENDS_APP));
    expect((await start('developer')).json).toMatchObject({
      run_as: PIPELINES_SYSTEM_USER,
      created_by: idOf('developer'),
    });
    await save('admin', withPermissions(AS_SERVICE), 'PATCH');
    expect((await start('developer')).json).toMatchObject({ run_as: idOf('service'), created_by: idOf('developer') });
  });

  test.each<Person>(['viewer', 'orgViewer', 'manager', 'member', 'contributor', 'typeDeployer'])(
    '%s starts nothing, whatever the pipeline may do',
    async who => {
      await save('admin', withPermissions('application: owner'));
      expectForbidden(await start(who), "runs.start in app 'shop'");
      expect(world.executions.started).toHaveLength(1);
    },
  );

  const refusedNow = async (who: Person, reason: string): Promise<void> => {
    const before = world.executions.started.length;
    for (const starter of ['developer', 'admin'] as const) {
      expectForbidden(await start(starter), `'${idOf(who)}'`, reason, 'has to save the pipeline');
      expectForbidden(await start(starter, '?dry_run=true'), reason);
    }
    expect(world.executions.started).toHaveLength(before);
  };

  test('an author who lost the role lends it no more, until they have it again', async () => {
    await giveType('owner');
    expect((await save('owner', withPermissions(LENDS_TYPE))).status).toBe(201);
    expect((await start('developer')).status).toBe(201);
    await takeType('owner');
    await refusedNow('owner', "not held: deployer of environment type 'development'");
    await giveType('owner');
    expect((await start('developer')).status).toBe(201);
  });

  test('an author with a weaker role than before', async () => {
    await save('owner', withPermissions('application: owner'));
    await administrate('PATCH', `${SHOP}/users/${idOf('owner')}`, { role: 'developer' });
    await refusedNow('owner', "not held: owner of app 'shop'");
  });

  test('an author who is out of the org: nothing in it counts any more', async () => {
    await save('owner', withPermissions(LENDS_APP));
    await administrate('DELETE', `/orgs/acme/users/${idOf('owner')}`);
    await refusedNow('owner', "no role in org 'acme'");
  });

  test('an author who is out of the group that held it', async () => {
    await administrate('POST', `${SHOP}/users`, { id: idOf('grouped'), role: 'owner' });
    await save('grouped', withPermissions(LENDS_TYPE));
    expect((await start('developer')).status).toBe(201);
    await administrate('DELETE', `/orgs/acme/groups/${CREW}/users/${idOf('grouped')}`);
    await refusedNow('grouped', "not held: deployer of environment type 'development'");
  });

  test('a service user that was made stronger than the author', async () => {
    const { user = '' } = tenant.params;
    await giveType('owner');
    expect((await save('owner', withPermissions(`run-as: ${user}`))).status).toBe(201);
    expect((await start('developer')).json.run_as).toBe(user);
    await administrate('PATCH', `/orgs/acme/users/${user}`, { role: 'manager' });
    await refusedNow('owner', `service user '${user}' has it: manager of org 'acme'`);
  });

  test('a service user that is gone', async () => {
    const { user = '' } = tenant.params;
    await save('admin', withPermissions(`run-as: ${user}`));
    await administrate('DELETE', `/orgs/acme/users/${user}`);
    await refusedNow('admin', "has no role in org 'acme'");
  });
});

describe('restarting', () => {
  const restart = (who: Person, run: string, body: object = {}): Promise<ApiAnswer> =>
    world.client({ method: 'POST', path: `${PIPELINE}/runs/${run}/restart`, body, token: world.tokens[who] });

  async function ended(status: 'succeeded' | 'failed'): Promise<string> {
    const run = (await start('developer')).json.id;
    await world.endRun({ org: 'acme', app: 'shop', pipeline: 'lent', run }, status);
    return run;
  }

  test('is a new start, judged as one', async () => {
    await giveType('owner');
    await save('owner', withPermissions(LENDS_TYPE));
    const run = await ended('failed');
    expect((await restart('developer', run)).status).toBe(201);
    await takeType('owner');
    for (const body of [{}, { from: 'failed' }]) {
      expectForbidden(await restart('developer', run, body), "not held: deployer of environment type 'development'");
    }
  });

  test('acts as whoever restarts, not as whoever started', async () => {
    await save('owner', withPermissions(''));
    const run = await ended('failed');
    for (const body of [{}, { from: 'failed' }]) {
      expect((await restart('deployer', run, body)).json).toMatchObject({
        run_as: idOf('deployer'),
        created_by: idOf('deployer'),
      });
    }
    expectForbidden(await restart('viewer', run), 'runs.restart');
  });
});

describe('granting', () => {
  const self = (who: Person) => `/orgs/acme/users/${idOf(who)}`;
  const type = 'static';

  /** Every way to more rights than one has that the API could open. */
  test.each<[string, Person, string, string, object]>([
    ['a higher role for oneself', 'manager', 'PATCH', self('manager'), { role: 'administrator' }],
    ['to see everything', 'manager', 'PATCH', self('manager'), { role: 'orgViewer' }],
    ['a higher role for another', 'manager', 'PATCH', self('member'), { role: 'administrator' }],
    ['to take away a higher role', 'manager', 'PATCH', self('admin'), { role: 'member' }],
    ['to remove an administrator', 'manager', 'DELETE', self('admin'), {}],
    ['a strong service user', 'manager', 'POST', '/orgs/acme/users', { name: 'x', role: 'administrator' }],
    ['a strong guest', 'manager', 'POST', '/orgs/acme/invitations', { email: 'x@example.com', role: 'administrator' }],
    ['a strong group', 'manager', 'POST', '/orgs/acme/groups', { name: 'x', role: 'administrator' }],
    ["an administrator's token", 'manager', 'POST', `/users/${idOf('admin')}/tokens`, { id: 'x', type }],
    ["a strong service user's token", 'manager', 'POST', `/users/${idOf('service')}/tokens`, { id: 'x', type }],
    ["a member's token, to be that person", 'manager', 'POST', `/users/${idOf('owner')}/tokens`, { id: 'x', type }],
    ['to be in a group that may more', 'manager', 'POST', '/orgs/acme/groups/{crew}/users', { id: idOf('manager') }],
    ['an app for oneself', 'manager', 'POST', `${SHOP}/users`, { id: idOf('manager'), role: 'viewer' }],
    ['to deploy', 'manager', 'POST', TYPE_USERS, { id: idOf('manager'), role: 'deployer' }],
    ['to deploy, as an owner', 'owner', 'POST', TYPE_USERS, { id: idOf('owner'), role: 'deployer' }],
    ['a role on another app', 'owner', 'POST', '/orgs/acme/apps/blog/users', { id: idOf('owner'), role: 'viewer' }],
    ['to be in a group that deploys', 'owner', 'POST', '/orgs/acme/groups/{crew}/users', { id: idOf('owner') }],
    ['a role of the org', 'owner', 'PATCH', self('owner'), { role: 'manager' }],
    ['to own what one develops', 'developer', 'PATCH', `${SHOP}/users/${idOf('developer')}`, { role: 'owner' }],
    ['to own what one does not', 'developer', 'POST', `${SHOP}/users`, { id: idOf('member'), role: 'viewer' }],
    ['to lend out deploying', 'deployer', 'POST', TYPE_USERS, { id: idOf('developer'), role: 'deployer' }],
    ['to write where one reads', 'orgViewer', 'POST', `${SHOP}/users`, { id: idOf('orgViewer'), role: 'viewer' }],
    ['anything', 'member', 'PATCH', self('member'), { role: 'manager' }],
  ])('%s, for %s: 403', async (_what, who, method, path, body) => {
    const before = await world.client({ path: '/current-user', token: world.tokens[who] });
    const full = path.replace('{crew}', CREW);
    expectForbidden(await world.client({ method, path: full, body, token: world.tokens[who] }));
    expect((await world.client({ path: '/current-user', token: world.tokens[who] })).json).toEqual(before.json);
  });

  test('a token that never ends is for administrators to make', async () => {
    const path = `/users/${idOf('developer')}/tokens`;
    const body = { id: 'forever', type: 'static', expires_at: null };
    expectForbidden(await world.client({ method: 'POST', path, body, token: world.tokens.developer }), 'administrator');
    expect((await world.client({ method: 'POST', path, body })).status).toBe(200);
  });
});

/** What decides about rights, as somebody might try to say it in a body. */
const EXTRAS = [
  'run_as',
  'run-as',
  'runAs',
  'created_by',
  'role',
  'roles',
  'permissions',
  'org_id',
  'org',
  'app_id',
  'owner',
  'is_admin',
  '__proto__',
  'constructor',
  'version',
];

// What is posted to a callback is data for the step that waits, whatever its keys are called.
const withBody = Object.entries<Route>(routes).filter(
  ([id, route]) => route.body !== undefined && id !== 'postCallback',
);

test.each(withBody)('the body of %s takes no rights', async (_id, route) => {
  const { body, headers = {} } = sampleBody(route) ?? {};
  const json = route.body?.kind === 'json';
  const schema: JsonObject = route.body?.kind === 'json' ? schemas[route.body.schema] : {};
  const known = Object.keys(schema.properties ?? {});
  for (const key of EXTRAS.filter(extra => !known.includes(extra) && (json || extra !== 'permissions'))) {
    // As text: a literal would set the prototype.
    const object = JSON.stringify(body);
    const text = json
      ? `${object.slice(0, -1)}${object === '{}' ? '' : ','}${JSON.stringify(key)}:"administrator"}`
      : `${body}${key}: administrator\n`;
    const request = { method: route.method, path: fillPath(route.path, tenant.params), body: text };
    const type = json ? { 'content-type': 'application/json' } : headers;
    const answer = await world.client({ ...request, headers: type });
    expect([key, answer.status], answer.text).toEqual([key, 400]);
    expect(['UNKNOWN_BODY_KEYS', 'INVALID_DEFINITION']).toContain(answer.json.error);
    expect(answer.text).toContain(key);
  }
});
