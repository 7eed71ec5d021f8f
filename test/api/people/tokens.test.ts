import { createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSubject } from '../../../src/store/subjects.ts';
import { idOf, openWorld, type Person, type World } from '../../kit/api-world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Status of a request that every living token may make. */
const use = async (token: string): Promise<number> => (await world.client({ path: '/current-user', token })).status;

async function makeToken(of: Person, by: Person, more: object = {}): Promise<string> {
  const body = { id: 'new', type: 'static', ...more };
  const made = await world.client({
    method: 'POST',
    path: `/users/${idOf(of)}/tokens`,
    body,
    token: world.tokens[by],
  });
  expect(made.status, made.text).toBe(200);
  return made.json.token;
}

const kept = async (of: Person, id = 'new') => (await readSubject(world.table, idOf(of)))?.tokens.get(id);

test('a new token works at once, and lasts 90 days', async () => {
  const token = await makeToken('viewer', 'viewer', { description: 'laptop' });
  expect(token).toMatch(/^pcl_u/);
  expect(await use(token)).toBe(200);
  const { json } = await world.client({ path: `/users/${idOf('viewer')}/tokens/new` });
  expect(json).toMatchObject({
    description: 'laptop',
    created_by: idOf('viewer'),
    expires_at: '2030-04-01T00:00:00.000Z',
  });
  await world.clock.advance(90 * DAY - 1);
  expect(await use(token)).toBe(200);
  await world.clock.advance(1);
  expect(await use(token)).toBe(401);
});

test('null lasts', async () => {
  const token = await makeToken('service', 'admin', { expires_at: null });
  await world.clock.advance(3_000 * DAY);
  expect(await use(token)).toBe(200);
  expect((await world.client({ path: '/current-user' })).status).toBe(200);
});

test('the table holds a hash under the key of the deployment, and nothing of the token', async () => {
  const token = await makeToken('viewer', 'admin');
  const page = await world.table.query({ pk: `SUBJECT#${idOf('viewer')}` });
  expect(JSON.stringify(page)).not.toContain(token.slice(27));
  const hash = (await kept('viewer'))?.hash;
  expect(hash).toMatch(/^hmac-sha256-[0-9a-f]{64}$/);
});

test('a token of another deployment, or with one letter changed, is not known', async () => {
  const token = await makeToken('viewer', 'viewer');
  const last = token.at(-1) === 'A' ? 'Q' : 'A';
  expect(await use(token.slice(0, -1) + last)).toBe(401);
  expect(await use(token)).toBe(200);
  const other = await openWorld({
    table: world.table,
    keys: { ...world.keys, token: createSecretKey(new Uint8Array(32)) },
  });
  try {
    expect((await other.client({ path: '/current-user', token })).status).toBe(401);
  } finally {
    await other.close();
  }
});

test('a deleted token ends with the next request, and its id can be used again', async () => {
  const token = await makeToken('viewer', 'viewer');
  const path = `/users/${idOf('viewer')}/tokens/new`;
  expect((await world.client({ method: 'DELETE', path, token })).status).toBe(204);
  expect(await use(token)).toBe(401);
  expect(await use(await makeToken('viewer', 'viewer'))).toBe(200);
  expect(await use(token)).toBe(401);
});

test.each(['service', 'viewer'] as const)('the removal of a %s ends all its tokens', async who => {
  expect(await use(world.tokens[who])).toBe(200);
  const removed = await world.client({ method: 'DELETE', path: `/orgs/acme/users/${idOf(who)}` });
  expect(removed.status).toBe(204);
  expect(await use(world.tokens[who])).toBe(401);
  expect((await world.table.query({ pk: `SUBJECT#${idOf(who)}` })).items).toEqual([]);
});

test('the last use is noted once an hour', async () => {
  const seen = async () => (await kept('viewer', 'viewer'))?.lastUsedAt;
  expect(await seen()).toBeUndefined();
  const start = world.clock.now();
  await use(world.tokens.viewer);
  expect(await seen()).toBe(start);
  await world.clock.advance(HOUR - 1);
  await use(world.tokens.viewer);
  expect(await seen()).toBe(start);
  await world.clock.advance(1);
  await Promise.all([use(world.tokens.viewer), use(world.tokens.viewer)]);
  expect(await seen()).toBe(start + HOUR);
  const { json } = await world.client({ path: `/users/${idOf('viewer')}/tokens`, token: world.tokens.viewer });
  expect(json[0].last_used_at).toBe('2030-01-01T01:00:00.000Z');
});

test('a request that is refused is a use too', async () => {
  expect((await world.client({ path: '/orgs/acme/users', token: world.tokens.viewer })).status).toBe(403);
  expect((await kept('viewer', 'viewer'))?.lastUsedAt).toBe(world.clock.now());
});

test('a last use that cannot be written is logged, and the request is answered', async () => {
  const failing = await openWorld({
    table: {
      ...world.table,
      write: write =>
        'update' in write && write.set?.last_used_at !== undefined
          ? Promise.reject(new Error('throttled'))
          : world.table.write(write),
    },
  });
  try {
    const { token } = { token: world.tokens.viewer };
    expect((await failing.client({ path: '/current-user', token })).status).toBe(200);
    expect(failing.logged).toMatchObject([{ level: 'warning', token: 'viewer', subject: idOf('viewer') }]);
  } finally {
    await failing.close();
  }
});

test('a manager makes tokens for a service user that has no more than the manager', async () => {
  const made = await world.client({
    method: 'POST',
    path: '/orgs/acme/users',
    body: { name: 'ci', role: 'member' },
    token: world.tokens.manager,
  });
  const tokens = { method: 'POST', path: `/users/${made.json.id}/tokens`, token: world.tokens.manager };
  const first = await world.client({ ...tokens, body: { id: 'one', type: 'static' } });
  expect(first.status).toBe(200);
  expect(await use(first.json.token)).toBe(200);
  // From now on it is more: a token of it would be a way round.
  const role = { id: made.json.id, role: 'developer' };
  await world.client({ method: 'POST', path: '/orgs/acme/apps/shop/users', body: role });
  expect((await world.client({ ...tokens, body: { id: 'two', type: 'static' } })).status).toBe(403);
});

test('tokens are listed newest first, in pages', async () => {
  for (const id of ['b', 'a', 'c']) {
    await world.clock.advance(1_000);
    await makeToken('viewer', 'viewer', { id });
  }
  const listed: string[] = [];
  let path: string | undefined = `/users/${idOf('viewer')}/tokens?per_page=2`;
  while (path !== undefined) {
    const page = await world.client({ path, token: world.tokens.viewer });
    listed.push(...page.json.map((token: { id: string }) => token.id));
    path = /<(.*)>/.exec(page.headers.link ?? '')?.[1];
  }
  expect(listed).toEqual(['c', 'a', 'b', 'viewer']);
});

test('a token makes none that outlives it', async () => {
  const end = world.clock.now() + HOUR;
  const short = await makeToken('viewer', 'viewer', { id: 'short', expires_at: new Date(end).toISOString() });
  const make = (id: string, more: object) =>
    world.client({
      method: 'POST',
      path: `/users/${idOf('viewer')}/tokens`,
      body: { id, type: 'static', ...more },
      token: short,
    });
  for (const expires_at of [new Date(end + 1).toISOString(), null]) {
    const refused = await make('longer', { expires_at });
    expect(refused.status).toBe(403);
    expect(refused.json.message).toContain('does not outlive the one that it is made with');
  }
  expect((await make('as-long', { expires_at: new Date(end).toISOString() })).status).toBe(200);
  // Said nothing: as long as it may.
  expect((await make('usual', {})).status).toBe(200);
  expect((await kept('viewer', 'usual'))?.tokenExpiresAt).toBe(end);
});

test('nor an administrator, for somebody else', async () => {
  const end = new Date(world.clock.now() + HOUR).toISOString();
  const short = await makeToken('admin', 'admin', { id: 'short', expires_at: end });
  const path = `/users/${idOf('service')}/tokens`;
  const body = { id: 'for-ever', type: 'static', expires_at: null };
  expect((await world.client({ method: 'POST', path, body, token: short })).status).toBe(403);
  expect((await world.client({ method: 'POST', path, body, token: world.tokens.admin })).status).toBe(200);
});

test('there are at most 100 tokens of one subject, however many are asked for at once', async () => {
  const path = `/users/${idOf('viewer')}/tokens`;
  const make = (id: string) => world.client({ method: 'POST', path, body: { id, type: 'static' } });
  for (let count = 1; count < 95; count += 1) expect((await make(`t${count}`)).status).toBe(200);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, count) => make(`at-once-${count}`)));
  expect(new Set(answers.map(({ status }) => status))).toContain(409);
  const size = async () => (await readSubject(world.table, idOf('viewer')))?.tokens.size ?? 0;
  expect(await size()).toBeLessThanOrEqual(100);
  for (let count = await size(); count < 100; count += 1) expect((await make(`more-${count}`)).status).toBe(200);
  expect((await make('one-more')).json.error).toBe('TOO_MANY_TOKENS');
  await world.client({ method: 'DELETE', path: `${path}/t1` });
  expect((await make('one-more')).status).toBe(200);
});
