import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiHandler } from '../../functions/api/api-handler.ts';
import { openTable } from '../../local/table/open-table.ts';
import { createApi } from '../../src/api/api.ts';
import { ANONYMOUS } from '../../src/api/audit.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import type { Table } from '../../src/ports/table.ts';
import { putNewApp } from '../../src/store/apps.ts';
import { type AuditEntry, listAudit, putAuditEntry } from '../../src/store/audit.ts';
import { AUDIT_PREFIX } from '../../src/store/keys.ts';
import { changes } from '../fixtures/api/changes.ts';
import { exampleOf } from '../fixtures/api/path-examples.ts';
import { createApiClient } from '../kit/api-client.ts';
import { idOf, openWorld, type Person, type World } from '../kit/api-world.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

let world: World;
let run: string;
beforeEach(async () => {
  world = await openWorld();
  run = (await world.addRun()).run;
});
afterEach(() => world.close());

const entries = async (org = 'acme'): Promise<readonly AuditEntry[]> =>
  (await listAudit(world.table, org, { limit: 1_000 })).records;

/** What a call adds to the log of the org, the oldest first. */
async function added(call: () => Promise<unknown>, org = 'acme'): Promise<readonly AuditEntry[]> {
  const before = new Set((await entries(org)).map(({ id }) => id));
  await call();
  return (await entries(org)).filter(({ id }) => !before.has(id)).reverse();
}

const guarded = Object.entries<Route>(routes).filter(([, { permission }]) => permission !== 'none');
const inOrg = guarded.filter(([, { path }]) => path.startsWith('/orgs/{org}'));
const pathOf = (route: Route): string =>
  route.path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'run' ? run : exampleOf(name)));

describe.each(inOrg)('%s, refused', (id, route) => {
  const call = (token: string | null) => world.client({ method: route.method, path: pathOf(route), token });
  const expected = { action: id, permission: expect.any(String), method: route.method, decision: 'refused' } as const;

  test('to nobody', async () => {
    const found = await added(() => call(null));
    expect(found).toMatchObject([{ ...expected, actor: ANONYMOUS, status: 401, resource: pathOf(route) }]);
    expect(await added(() => call('pcl_garbage'))).toEqual([]);
    await world.clock.advance(60_000);
    expect(await added(() => call('pcl_garbage'))).toMatchObject([{ ...expected, actor: ANONYMOUS }]);
  });

  test('to a stranger', async () => {
    const found = await added(() => call(world.tokens.rival));
    expect(found).toMatchObject([{ ...expected, actor: idOf('rival'), status: 404, reason: "no role in org 'acme'" }]);
    expect(await added(() => call(world.tokens.rival))).toEqual([]);
  });

  test('to somebody of the org, each time', async () => {
    for (const person of ['contributor', 'viewer', 'typeDeployer'] as const satisfies readonly Person[]) {
      for (let count = 0; count < 2; count += 1) {
        let status = 0;
        const found = await added(async () => {
          status = (await call(world.tokens[person])).status;
        });
        if (status === 403) expect(found).toMatchObject([{ ...expected, actor: idOf(person), status }]);
        else expect(found.filter(({ decision }) => decision === 'refused')).toEqual([]);
      }
    }
  });
});

test('refusals of strangers within a minute are one entry and one write, in however many processes', async () => {
  const calls: string[] = [];
  const table: Table = {
    ...bound(world.table),
    get: (key, options) => {
      if (key.pk === 'ORGS') calls.push('get');
      return world.table.get(key, options);
    },
    write: write => {
      if ('put' in write && write.put.pk.startsWith(AUDIT_PREFIX)) calls.push('write');
      return world.table.write(write);
    },
  };
  const start = () => createApiClient(createApiHandler(createApi({ ...world, table }), world.log));
  const path = '/orgs/acme/pipelines';
  const found = await added(async () => {
    const first = start();
    for (let count = 0; count < 3; count += 1) await first({ path });
    expect(calls).toEqual(['get', 'write']);
    await start()({ path });
    expect(calls).toEqual(['get', 'write', 'get', 'write']);
  });
  expect(found).toHaveLength(1);
});

test('nothing is written for an org that does not exist, nor for a path that names none', async () => {
  const count = async () => (await world.table.query({ pk: `${AUDIT_PREFIX}nowhere` })).items.length;
  await world.client({ path: '/orgs/nowhere/pipelines', token: null });
  await world.client({ path: '/orgs/nowhere/pipelines', token: world.tokens.rival });
  await world.client({ path: '/orgs/Nowhere/pipelines', token: null });
  expect(await count()).toBe(0);
});

describe('changes', () => {
  test.each(changes)('$action', async ({ action, given = [], call, details, permission }) => {
    for (const each of given) expect((await world.client(each)).status, JSON.stringify(each)).toBeLessThan(300);
    let status = 0;
    const found = await added(async () => {
      const answer = await world.client(call);
      status = answer.status;
      expect(status, answer.text).toBeLessThan(300);
    });
    const { permission: ofRoute } = routes[action];
    expect(found).toMatchObject([
      {
        action,
        actor: idOf('admin'),
        decision: 'allowed',
        reason: "administrator of org 'acme'",
        permission: permission ?? ofRoute,
        resource: call.path.split('?')[0],
        method: call.method,
        status,
        requestId: expect.stringMatching(/^request-/),
        ...(details === undefined ? {} : { details }),
      },
    ]);
  });

  test('reading and dry runs leave none', async () => {
    const found = await added(async () => {
      await world.client({ path: '/orgs/acme/apps' });
      await world.client({ path: '/orgs/acme/audit-logs' });
      const path = '/orgs/acme/apps/shop/pipelines/deploy/runs?dry_run=true';
      expect((await world.client({ method: 'POST', path, body: { inputs: { version: '1' } } })).status).toBe(204);
    });
    expect(found).toEqual([]);
  });

  test('what was refused as wrong leaves none', async () => {
    const found = await added(async () => {
      expect((await world.client({ method: 'POST', path: '/orgs/acme/apps', body: {} })).status).toBe(422);
      expect((await world.client({ method: 'DELETE', path: '/orgs/acme/apps/none' })).status).toBe(404);
    });
    expect(found).toEqual([]);
  });
});

describe('secrets', () => {
  const CANARY = 'canary-4711-canary';

  test('no header, body, query or impossible id is in the log', async () => {
    const token = `pcl_${CANARY}`;
    await world.client({ path: `/orgs/acme/apps/${token}/pipelines`, token });
    await world.client({ path: `/orgs/acme/apps/${token}/pipelines`, token: world.tokens.contributor });
    await world.client({ path: `/orgs/acme/pipelines?page=${CANARY}`, token });
    const path = '/orgs/acme/apps/shop/pipelines/deploy/runs';
    await world.client({ method: 'POST', path, body: { inputs: { version: CANARY } } });
    const everything = JSON.stringify(await entries());
    expect(everything).toContain('/orgs/acme/apps/{app}/pipelines');
    expect(everything).not.toContain(CANARY);
    for (const each of Object.values(world.tokens)) expect(everything).not.toContain(each);
  });
});

describe('when the log cannot be written', () => {
  /** A table where it fails. */
  const broken = (table: Table): Table => ({
    ...bound(table),
    write: async write => {
      if ('put' in write && write.put.pk.startsWith(AUDIT_PREFIX)) throw new Error('the log is full');
      return table.write(write);
    },
  });

  async function openBroken(): Promise<World> {
    let on = false;
    const local = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
    const failing = broken(local);
    const table: Table = { ...bound(local), write: write => (on ? failing : local).write(write) };
    const opened = await openWorld({ table }, local);
    on = true;
    return opened;
  }

  test('a change answers 500, and the log of the server says why', async () => {
    const other = await openBroken();
    try {
      const answer = await other.client({ method: 'POST', path: '/orgs/acme/apps', body: { id: 'new', name: 'New' } });
      expect(answer.json.error).toBe('INTERNAL_ERROR');
      expect(other.logged).toMatchObject([{ level: 'error', message: 'request failed' }]);
      expect(other.logged[0]?.stack).toMatch(/createApp was carried out[\s\S]*the log is full/);
    } finally {
      await other.close();
    }
  });

  test('a refusal stands, and the log of the server says what is missing', async () => {
    const other = await openBroken();
    try {
      const path = '/orgs/acme/audit-logs';
      expect((await other.client({ path, token: other.tokens.member })).status).toBe(403);
      expect((await other.client({ path, token: null })).status).toBe(401);
      expect((await other.client({ path, token: other.tokens.rival })).status).toBe(404);
      expect(other.logged).toHaveLength(3);
      for (const entry of other.logged) {
        expect(entry).toMatchObject({ level: 'error', action: 'listAuditLog', error: 'Error' });
        expect(entry.message).toContain('not in the audit log');
      }
    } finally {
      await other.close();
    }
  });
});

describe('GET /orgs/{org}/audit-logs', () => {
  const LOG = '/orgs/acme/audit-logs';
  const shown = async (query = '', token = world.tokens.admin): Promise<{ action: string; at: string }[]> =>
    (await world.client({ path: `${LOG}${query}`, token })).json;

  /** One entry each minute: three apps are created, one request is refused. */
  async function fill(): Promise<void> {
    for (const id of ['one', 'two', 'three']) {
      await world.clock.advance(90_000);
      await world.client({ method: 'POST', path: '/orgs/acme/apps', body: { id, name: id } });
    }
    await world.clock.advance(90_000);
    await world.client({ path: LOG, token: world.tokens.member });
    await world.clock.advance(90_000);
    await world.client({ path: LOG, token: null });
  }

  test('shows what happened, the newest first', async () => {
    await fill();
    const [anonymous, refused, created] = await shown();
    expect(anonymous).toMatchObject({ user_id: ANONYMOUS, response_status: 401, decision: 'refused' });
    expect(refused).toMatchObject({ user_id: idOf('member'), response_status: 403, permission: 'audit.read' });
    expect(created).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      org_id: 'acme',
      user_id: idOf('admin'),
      action: 'createApp',
      permission: 'apps.create',
      decision: 'allowed',
      reason: "administrator of org 'acme'",
      request_method: 'POST',
      request_path: '/orgs/acme/apps',
      response_status: 201,
      request_id: expect.any(String),
      details: { app: 'three', role: 'owner', subject: idOf('admin') },
    });
  });

  test('filters', async () => {
    await fill();
    const times = (await shown()).map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const [newest = '', second = '', third = ''] = times;
    const actions = async (query: string) => (await shown(query)).map(({ action }) => action);
    expect(await actions(`?actor=${ANONYMOUS}`)).toEqual(['listAuditLog']);
    expect(await actions(`?actor=${ANONYMOUS}&actor=${idOf('member')}`)).toEqual(['listAuditLog', 'listAuditLog']);
    expect(await actions('?action=createApp')).toEqual(['createApp', 'createApp', 'createApp']);
    expect(await actions('?decision=refused')).toEqual(['listAuditLog', 'listAuditLog']);
    expect(await actions(`?created_after=${second}`)).toEqual(['listAuditLog', 'listAuditLog']);
    expect(await actions(`?created_after=${newest}`)).toEqual(['listAuditLog']);
    expect(await actions(`?from=${second}&to=${newest}`)).toEqual(['listAuditLog']);
    expect((await shown(`?created_before=${second}`))[0]?.at).toBe(third);
    expect(await actions(`?created_after=${newest}&created_before=${second}`)).toEqual([]);
  });

  test('pages', async () => {
    await fill();
    const all = await shown();
    const seen: unknown[] = [];
    let path: string | undefined = `${LOG}?per_page=2`;
    while (path !== undefined) {
      const answer = await world.client({ path });
      expect(answer.json.length).toBeLessThanOrEqual(2);
      seen.push(...answer.json);
      path = /<([^>]+)>/.exec(answer.headers.link ?? '')?.[1];
    }
    expect(seen).toEqual(all);
  });

  test('is for administrators of that org', async () => {
    for (const person of ['manager', 'orgViewer', 'owner'] as const) {
      expect((await world.client({ path: LOG, token: world.tokens[person] })).status, person).toBe(403);
    }
    const rival = await world.client({ path: '/orgs/rival/audit-logs', token: world.tokens.rival });
    expect(rival.json.length).toBeGreaterThan(0);
    for (const entry of rival.json) expect(entry.org_id).toBe('rival');
    for (const entry of await shown()) expect(entry).toMatchObject({ org_id: 'acme' });
  });

  test('cannot be changed', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await world.client({ method, path: LOG });
      expect(answer.status).toBe(405);
    }
    const touching = guarded.filter(([, { path, method }]) => path.includes('audit') && method !== 'GET');
    expect(touching).toEqual([]);
  });

  test('never replaces an entry', async () => {
    await fill();
    const [entry] = await entries();
    if (entry === undefined) throw new Error('the log is empty');
    expect(await putAuditEntry(world.table, { ...entry, actor: 'somebody else' })).toBe(false);
    expect((await entries())[0]).toEqual(entry);
  });

  test('forgets after 400 days', async () => {
    await putNewApp(world.table, { org: 'acme', app: 'other', name: 'Other', createdAt: 0 });
    await world.client({ method: 'PATCH', path: '/orgs/acme/apps/other', body: { name: 'Another' } });
    const [entry] = await entries();
    const item = await world.table.get({ pk: `${AUDIT_PREFIX}acme`, sk: entry?.id ?? '' });
    expect(item?.expires_at).toBe(Math.ceil(world.clock.now() / 1_000) + 400 * 86_400);
  });
});

function bound(table: Table): Table {
  return {
    get: (key, options) => table.get(key, options),
    getMany: (keys, options) => table.getMany(keys, options),
    query: query => table.query(query),
    write: write => table.write(write),
    writeInOrder: groups => table.writeInOrder(groups),
  };
}
