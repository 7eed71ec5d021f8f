import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import type { HeldRole } from '../../src/access/roles.ts';
import { PATH_PARAMETERS } from '../../src/api/path-parameters.ts';
import type { Route } from '../../src/api/route.ts';
import { createRouter } from '../../src/api/router.ts';
import { routes } from '../../src/api/routes.ts';
import { subjectOfToken } from '../../src/api/tokens.ts';
import { readRolesOf } from '../../src/store/subjects.ts';
import { pathTricks } from '../fixtures/access/path-tricks.ts';
import { PEOPLE } from '../kit/api-people.ts';
import { openWorld, type World } from '../kit/api-world.ts';
import { sampleBody, sampleText } from '../kit/sample-body.ts';
import { fillPath, furnish, paramsOf } from '../kit/tenant.ts';

const rows = Object.entries<Route>(routes);

/** A new one is a decision, not an oversight. */
const OPEN_TO_EVERYBODY = ['getHealth', 'getOpenApi', 'getDocs'];
/** The path itself is the right: nobody guesses it. */
const OPEN_BY_THEIR_PATH = ['postCallback'];
/** Answers whoever has a token with what is theirs, and nothing else. */
const OPEN_TO_EVERY_CALLER = ['getCurrentUser'];

const guarded = rows.filter(([, route]) => route.permission !== 'none');

let world: World;
/** What exists: as far as ids go, every route would do its work. */
let params: Readonly<Record<string, string>>;
let rolesOf: ReadonlyMap<string, readonly HeldRole[]>;

beforeAll(async () => {
  world = await openWorld();
  // Off the full minute: entries of the audit log about strangers carry that time, and the newest ones are looked at.
  await world.clock.advance(1_000);
  const names = { app: 'shop', envType: 'development', name: 'walked' };
  const tenant = await furnish(world, 'acme', world.tokens.admin, names);
  // What a new route calls by a new name; the ids of the others exist.
  const forms = Object.entries(PATH_PARAMETERS).map(([name, form]) => [name, sampleText({ ...form })]);
  params = { ...Object.fromEntries(forms), ...tenant.params };
  const roles = Object.entries(PEOPLE).map(
    async ([name, { id }]) => [name, await readRolesOf(world.table, id)] as const,
  );
  rolesOf = new Map(await Promise.all(roles));
});

afterAll(() => world.close());

test('what is open without a token is on the list, and is a GET that names nothing', () => {
  const open = rows.filter(([, route]) => route.permission === 'none');
  for (const [id, route] of open) {
    if (OPEN_BY_THEIR_PATH.includes(id)) continue;
    expect(OPEN_TO_EVERYBODY).toContain(id);
    expect([route.method, route.load, paramsOf(route.path)]).toEqual(['GET', 'nothing', []]);
  }
});

test('every placeholder of every path stands for something that exists', () => {
  const names = new Set(rows.flatMap(([, route]) => paramsOf(route.path)));
  for (const name of names) expect(params[name], `test/kit/tenant.ts makes no '${name}'`).toBeTruthy();
});

const credentials = (): Readonly<Record<string, string | undefined>> => {
  const { admin, expired, revoked, removed } = world.tokens;
  return {
    'no token': undefined,
    'no token, but a scheme': 'Bearer ',
    'only a token': admin,
    'another scheme': `Basic ${Buffer.from(`admin:${admin}`).toString('base64')}`,
    garbage: 'Bearer garbage',
    'garbage that is long': `Bearer ${'pcl_'.repeat(2_000)}`,
    'the form of a token': `Bearer pcl_u${'A'.repeat(65)}`,
    "somebody's id with another secret": `Bearer ${admin.slice(0, 30)}${'A'.repeat(admin.length - 30)}`,
    'one letter off': `Bearer ${admin.slice(0, -2)}${admin.at(-2) === 'A' ? 'B' : 'A'}${admin.at(-1)}`,
    'one letter less': `Bearer ${admin.slice(0, -1)}`,
    'one letter more': `Bearer ${admin}A`,
    'in upper case': `Bearer ${admin.toUpperCase()}`,
    'two tokens': `Bearer ${admin}, Bearer ${admin}`,
    'two tokens in one': `Bearer ${admin} ${admin}`,
    'a token in quotes': `Bearer "${admin}"`,
    'the hash of a token': `Bearer hmac-sha256-${'0'.repeat(64)}`,
    'the id of a user': `Bearer ${subjectOfToken(admin)}`,
    expired: `Bearer ${expired}`,
    revoked: `Bearer ${revoked}`,
    "a deleted user's": `Bearer ${removed}`,
  };
};

describe.each(guarded)('%s', (id, route) => {
  const request = () => {
    const sample = sampleBody(route);
    const method = route.method;
    return { method, path: fillPath(route.path, params), token: null, ...(sample === undefined ? {} : sample) };
  };

  test('without a good token: 401', async () => {
    for (const [name, authorization] of Object.entries(credentials())) {
      const { headers, ...sent } = { headers: {}, ...request() };
      const with_ = authorization === undefined ? headers : { ...headers, authorization };
      const answer = await world.client({ ...sent, headers: with_ });
      expect([name, answer.status, answer.json?.error]).toEqual([name, 401, 'UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate'], name).toContain('Bearer');
    }
    if (route.method !== 'GET') return;
    const head = await world.client({ ...request(), method: 'HEAD' });
    expect([head.status, head.text]).toEqual([401, '']);
  });

  test("another org's token: 404 as if nothing were there", async () => {
    if (OPEN_TO_EVERY_CALLER.includes(id)) return;
    const answer = await world.client({ ...request(), token: world.tokens.rival });
    expect([answer.status, answer.json?.error], answer.text).toEqual([404, 'NOT_FOUND']);
  });

  test('whoever lacks the role: 403', async () => {
    if (OPEN_TO_EVERY_CALLER.includes(id) || route.permission === 'none') return;
    const { org = 'acme', ...narrower } = Object.fromEntries(
      paramsOf(route.path).map(name => [name, params[name] ?? '']),
    );
    const needed = [
      { permission: route.permission, resource: { org, ...narrower } },
      ...(route.judges ?? []).map(permission => ({
        permission,
        resource: { org, ...narrower, envType: 'development' },
      })),
    ];
    let refused = 0;
    for (const [name, roles] of rolesOf) {
      const decisions = needed.map(({ permission, resource }) => decide(roles, permission, resource));
      if (decisions.every(decision => decision.allowed)) continue;
      refused += 1;
      const answer = await world.client({ ...request(), token: world.tokens[name as keyof typeof PEOPLE] }); // as: keys of it
      const visible = roles.some(role => role.org === 'acme');
      // Where the operation finds the org, it may say that there is nothing rather than that it is forbidden.
      const expected = !visible ? [404] : route.judged === undefined ? [403] : [403, 404];
      expect(expected, `${name}: ${answer.status} ${answer.text}`).toContain(answer.status);
    }
    expect(refused, 'nobody lacks the role').toBeGreaterThan(0);
  });

  test('a path that is written otherwise: 401, 403 or 404', async () => {
    const router = createRouter(routes);
    const { path, ...sent } = request();
    for (const { name, make } of pathTricks) {
      const tricked = `/${make(path.slice(1).split('/')).join('/')}`;
      if (tricked === path) continue;
      // Some id of this path takes any form; then the path is a good one, of something that is not there.
      for (const token of [null, world.tokens.admin]) {
        const answer = await world.client({ ...sent, path: tricked, token });
        const what = `${name}: ${route.method} ${tricked.slice(0, 200)} -> ${answer.status} ${answer.text.slice(0, 200)}`;
        expect([401, 403, 404], what).toContain(answer.status);
        if (token === null && router(tricked) !== undefined) expect([401, 404], what).toContain(answer.status);
      }
    }
  });
});

test('nothing of all this was noted as trouble', () => {
  expect(world.logged).toEqual([]);
});
