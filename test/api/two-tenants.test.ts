import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATH_PARAMETERS } from '../../src/api/path-parameters.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import { putRole } from '../../src/store/roles.ts';
import type { ApiAnswer, ApiCall } from '../kit/api-client.ts';
import { idOf, openWorld, smallPipeline, type World } from '../kit/api-world.ts';
import { sampleBody, sampleText } from '../kit/sample-body.ts';
import { fillPath, furnish, paramsOf, type Tenant } from '../kit/tenant.ts';

const rows = Object.entries<Route>(routes).filter(([, route]) => route.permission !== 'none');

/** Places, not ids: every tenant's job has a step 0. */
const NO_IDS = ['step'];
const idsOf = (route: Route): readonly string[] => paramsOf(route.path).filter(name => !NO_IDS.includes(name));

let world: World;
let a: Tenant;
let b: Tenant;
/** Of the right form, and nobody has them. */
let unknown: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await openWorld();
  await world.clock.advance(1_000);
  const { admin, rival } = world.tokens;
  a = await furnish(world, 'acme', admin, { app: 'acme-app', envType: 'acme-type', name: 'acme-own' });
  b = await furnish(world, 'rival', rival, { app: 'rival-app', envType: 'rival-type', name: 'rival-own' });
  const forms = Object.entries({ ...PATH_PARAMETERS, version: PATH_PARAMETERS.run });
  // Long enough that they are no part of anything else in an answer.
  const long = ({ minLength, maxLength }: (typeof forms)[number][1]) => Math.min(Math.max(minLength, 8), maxLength);
  unknown = Object.fromEntries(forms.map(([name, form]) => [name, sampleText({ ...form, minLength: long(form) })]));
  // Whoever administrates both orgs is refused nothing: what they do not find under a path is not there.
  await putRole(world.table, idOf('second'), { scope: 'org', org: 'rival', role: 'administrator' }, world.clock.now());
});

afterAll(() => world.close());

const requestOf = (route: Route, params: Readonly<Record<string, string>>): ApiCall => ({
  method: route.method,
  path: fillPath(route.path, params),
  ...sampleBody(route),
});

/** All that an answer tells, without the ids that were asked for. */
function told({ status, headers, text }: ApiAnswer): unknown {
  const { 'x-request-id': _, ...rest } = headers;
  const all = [b.params, unknown].flatMap(params => Object.values(params)).filter(id => id.length > 2);
  // The longest first: some begin with another one.
  const ids = all.toSorted((x, y) => y.length - x.length);
  return { status, headers: rest, text: ids.reduce((left, id) => left.replaceAll(id, '<id>'), text) };
}

/** Asks once with ids of the other tenant and once with ids of nobody. */
async function expectSame(other: ApiCall, nobodys: ApiCall, status: number): Promise<void> {
  const [found, missing] = [await world.client(other), await world.client(nobodys)];
  const what = `${other.method} ${other.path} -> ${found.status} ${found.text}`;
  expect(found.status, what).toBe(status);
  expect(told(found), what).toEqual(told(missing));
}

describe.each(rows)('%s', (_id, route) => {
  test("an id of another tenant under one's own path is an unknown id", async () => {
    for (const name of idsOf(route)) {
      if (name === 'org') continue;
      for (const token of [world.tokens.admin, world.tokens.second]) {
        // A user is in no org by its id: whoever administrates the other org too finds it there.
        if (route.judged !== undefined && token === world.tokens.second) continue;
        await expectSame(
          { ...requestOf(route, { ...a.params, [name]: b.params[name] ?? '' }), token },
          { ...requestOf(route, { ...a.params, [name]: unknown[name] ?? '' }), token },
          404,
        );
      }
    }
  });

  test("every id of another tenant under one's own org", async () => {
    const [, first] = idsOf(route);
    if (first === undefined || route.judged !== undefined) return;
    const token = world.tokens.second;
    await expectSame(
      { ...requestOf(route, { ...b.params, org: 'acme' }), token },
      { ...requestOf(route, { ...unknown, org: 'acme', step: '0' }), token },
      404,
    );
  });

  test("another tenant's path is that of an unknown org", async () => {
    if (!idsOf(route).includes('org')) return;
    const token = world.tokens.admin;
    const { org = '' } = unknown;
    await expectSame(
      { ...requestOf(route, b.params), token },
      { ...requestOf(route, { ...b.params, org }), token },
      404,
    );
  });
});

/** Runs of these tenants were never carried out. */
const EMPTY = ['listStepLogs'];

const lists = rows.filter(([, route]) => Object.values(route.responses).some(response => response.list === true));

test.each(lists)('%s shows nothing of another tenant, whatever the filters say', async (id, route) => {
  const foreign = Object.entries(b.params).filter(([name]) => !NO_IDS.includes(name));
  const filters = route.query.filter(({ kind }) => kind === 'text' || kind === 'texts').map(({ name }) => name);
  const searches = [
    '',
    ...filters.filter(name => name !== 'page').map(name => `?${name}=${b.params[name] ?? 'rival'}`),
  ];
  for (const search of searches) {
    const { status, text, json } = await world.client({ path: fillPath(route.path, a.params) + search });
    expect(status, text).toBe(200);
    if (search === '' && !EMPTY.includes(id)) expect(json.length, 'nothing that could be mixed up').toBeGreaterThan(0);
    for (const [name, id] of foreign) expect(text, `${name} of the other tenant`).not.toContain(id);
  }
});

test.each(lists.filter(([, route]) => route.query.some(({ name }) => name === 'page')))(
  "%s refuses another tenant's page token as it refuses a forged one",
  async (_id, route) => {
    const { org = '', app = '', pipeline = '' } = b.params;
    const runs = `/orgs/${org}/apps/${app}/pipelines/${pipeline}/runs`;
    await world.client({ method: 'POST', path: runs, body: { inputs: {} }, token: b.token });
    const page = await world.client({ path: `${runs}?per_page=1`, token: b.token });
    const [, token = ''] = /page=([^&>]+)/.exec(page.headers.link?.replace('per_page', '') ?? '') ?? [];
    expect(token).not.toBe('');
    const path = fillPath(route.path, a.params);
    const [theirs, forged] = [
      await world.client({ path: `${path}?per_page=1&page=${token}` }),
      await world.client({ path: `${path}?per_page=1&page=AAAA` }),
    ];
    expect(theirs.json?.error, theirs.text).toBe('INVALID_PAGE_TOKEN');
    expect(told(theirs)).toEqual(told(forged));
  },
);

const versioned = rows.filter(([, route]) => route.query.some(({ name }) => name === 'version'));

test.each(versioned)("%s knows no version of another tenant's pipeline", async (_id, route) => {
  const request = requestOf(route, a.params);
  await expectSame(
    { ...request, path: `${request.path}?version=${b.params.version}` },
    { ...request, path: `${request.path}?version=${unknown.version}` },
    404,
  );
});

const yaml = { 'content-type': 'application/x-yaml' };
const runAs = (user = ''): string => smallPipeline('borrowed', `permissions:\n  run-as: ${user}\n`);

/** Ids in bodies. */
test.each<[string, string, (of: Readonly<Record<string, string>>) => unknown]>([
  ['a role on an app', '/orgs/{org}/apps/{app}/users', of => ({ id: of.user, role: 'viewer' })],
  ['a role on a type', '/orgs/{org}/env-types/{envType}/users', of => ({ id: of.user, role: 'deployer' })],
  ['a role on an app for a group', '/orgs/{org}/apps/{app}/users', of => ({ id: of.group, role: 'viewer' })],
  ['a member of a group', '/orgs/{org}/groups/{group}/users', of => ({ id: of.user })],
  ['the type of an environment', '/orgs/{org}/apps/{app}/envs', of => ({ id: 'new', name: 'New', type: of.envType })],
  ['whom a pipeline runs as', '/orgs/{org}/apps/{app}/pipelines', of => runAs(`s-${of.user?.replace('s-', '')}`)],
])('%s cannot be of another tenant', async (_what, path, body) => {
  const request = { method: 'POST', path: fillPath(path, a.params), headers: path.endsWith('pipelines') ? yaml : {} };
  const service = { ...unknown, user: `s-${idOf('admin')}` };
  const theirs = await world.client({ ...request, body: body(b.params) });
  const nobodys = await world.client({ ...request, body: body(service) });
  expect(theirs.status, theirs.text).toBeGreaterThanOrEqual(400);
  expect(told(theirs)).toEqual(told({ ...nobodys, text: nobodys.text.replaceAll(service.user, '<id>') }));
});

test('an idempotency key is of its caller, pipeline and tenant', async () => {
  const headers = { 'idempotency-key': 'the-same-key' };
  const runs: string[] = [];
  for (const { params, token } of [a, b]) {
    const path = fillPath('/orgs/{org}/apps/{app}/pipelines/{pipeline}/runs', params);
    const answer = await world.client({ method: 'POST', path, headers, body: { inputs: {} }, token });
    expect([answer.status, answer.headers['idempotency-replayed']]).toEqual([201, undefined]);
    runs.push(answer.json.id);
  }
  expect(new Set(runs).size).toBe(2);
});
