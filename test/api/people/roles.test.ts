import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalTable } from '../../../local/table/open-table.ts';
import type { Table } from '../../../src/ports/table.ts';
import { putNewRole, putRole } from '../../../src/store/roles.ts';
import { readRolesOf, readSubject } from '../../../src/store/subjects.ts';
import { CREW } from '../../kit/api-people.ts';
import { idOf, openWorld, type Person, type World } from '../../kit/api-world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function call(as: Person, request: string, body?: object): Promise<number> {
  const [method = '', path = ''] = request.split(' ');
  const sent = { method, path, token: world.tokens[as], ...(body === undefined ? {} : { body }) };
  return (await world.client(sent)).status;
}

const ids = async (path: string): Promise<readonly string[]> => {
  const { json } = await world.client({ path });
  return json.map((row: { id: string }) => row.id);
};

const start = (as: Person) => call(as, 'POST /orgs/acme/apps/shop/pipelines/deploy/runs', { inputs: { version: '1' } });

describe('roles of groups', () => {
  test('count for the members, and end with the membership', async () => {
    expect(await start('grouped')).toBe(201);
    expect(await call('admin', `DELETE /orgs/acme/groups/${CREW}/users/${idOf('grouped')}`)).toBe(204);
    expect(await start('grouped')).toBe(403);
    expect(await call('admin', `POST /orgs/acme/groups/${CREW}/users`, { id: idOf('grouped') })).toBe(200);
    expect(await start('grouped')).toBe(201);
  });

  test('end with the group', async () => {
    expect(await call('admin', `DELETE /orgs/acme/groups/${CREW}`)).toBe(204);
    expect(await start('grouped')).toBe(403);
    expect(await ids('/orgs/acme/apps/shop/users')).not.toContain(CREW);
    expect(await ids('/orgs/acme/groups')).toEqual([]);
  });

  test('end with a role that is taken from the group', async () => {
    expect(await call('owner', `DELETE /orgs/acme/apps/shop/users/${CREW}`)).toBe(204);
    expect(await start('grouped')).toBe(403);
  });

  test('end with the role that the group itself has of the org', async () => {
    await world.table.write({ delete: { pk: `SUBJECT#${CREW}`, sk: 'ROLE#acme' } });
    expect(await readRolesOf(world.table, idOf('grouped'))).toEqual([{ scope: 'org', org: 'acme', role: 'member' }]);
    expect(await start('grouped')).toBe(403);
    expect(await call('admin', `DELETE /orgs/acme/groups/${CREW}`)).toBe(204);
    expect(await ids('/orgs/acme/apps/shop/users')).not.toContain(CREW);
  });

  test('end with the deletion of the group where that is cut short, and repeated it goes on until all is gone', async () => {
    let seen = 0;
    const broken = (at: number): Table => {
      const count = async <T>(writes: readonly unknown[], go: () => Promise<T>): Promise<T> => {
        // What the request itself notes is not the deletion.
        const deletes = writes.some(write => JSON.stringify(write).includes('"delete"'));
        if (deletes) seen += 1;
        if (deletes && seen === at) throw new Error('throttled');
        return go();
      };
      return {
        ...world.table,
        write: write => count([write], () => world.table.write(write)),
        writeInOrder: groups => count(groups.flat(), () => world.table.writeInOrder(groups)),
      };
    };
    for (let at = 1; ; at += 1) {
      world = await openWorld();
      seen = 0;
      const half = await openWorld({ table: broken(at), keys: world.keys }, world.table as LocalTable); // as: a world has one
      const path = `/orgs/acme/groups/${CREW}`;
      const first = await half.client({ method: 'DELETE', path, token: half.tokens.admin });
      if (first.status === 204) break;
      const org = (await readSubject(world.table, CREW))?.roles.some(({ scope }) => scope === 'org');
      if (org !== true) expect(await readRolesOf(world.table, idOf('grouped')), `${at}`).toHaveLength(1);
      const again = await half.client({ method: 'DELETE', path, token: half.tokens.admin });
      const left = (await world.table.query({ pk: `SUBJECT#${CREW}` })).items.map(({ sk }) => sk);
      expect(again.status === 204 || !left.some(sk => /ROLE/.test(sk)), `${at}: ${again.status} ${left}`).toBe(true);
      expect(await readRolesOf(world.table, idOf('grouped'))).toHaveLength(1);
      expect(
        (await world.table.query({ index: 'gsi1', pk: `APPUSERS#acme/shop` })).items.map(({ pk }) => pk),
      ).not.toContain(`SUBJECT#${CREW}`);
      await world.close();
    }
    expect(seen).toBeGreaterThan(2);
  });

  test('are told by perms', async () => {
    const { json } = await world.client({ path: `/orgs/acme/users/${idOf('grouped')}/perms` });
    expect(json).toContainEqual({
      permission: 'runs.start',
      org_id: 'acme',
      app_id: 'shop',
      reason: "developer of app 'shop'",
    });
    expect(json).toContainEqual(expect.objectContaining({ permission: 'approvals.decide', env_type: 'development' }));
  });

  test('count for nobody who has no role of the org', async () => {
    expect(await call('admin', `DELETE /orgs/acme/users/${idOf('grouped')}`)).toBe(204);
    expect(await ids(`/orgs/acme/groups/${CREW}/users`)).toEqual([]);
    expect(await call('grouped', 'GET /current-user')).toBe(401);
  });
});

describe('somebody who leaves the org', () => {
  test('loses the roles in it, and nothing in another org', async () => {
    const role = { scope: 'org', org: 'rival', role: 'member' } as const;
    await putRole(world.table, idOf('owner'), role, world.clock.now());
    expect(await call('admin', `DELETE /orgs/acme/users/${idOf('owner')}`)).toBe(204);
    expect(await call('owner', 'GET /orgs/acme/apps/shop/pipelines')).toBe(404);
    expect(await ids('/orgs/acme/apps/shop/users')).not.toContain(idOf('owner'));
    const { json } = await world.client({ path: '/current-user', token: world.tokens.owner });
    expect(json.roles).toEqual({ rival: 'member' });
  });

  test('of two orgs keeps the tokens to oneself', async () => {
    const role = { scope: 'org', org: 'rival', role: 'member' } as const;
    await putRole(world.table, idOf('owner'), role, world.clock.now());
    expect(await call('admin', `GET /users/${idOf('owner')}/tokens`)).toBe(403);
    expect(await call('rival', `GET /users/${idOf('owner')}/tokens`)).toBe(403);
    expect(await call('owner', `GET /users/${idOf('owner')}/tokens`)).toBe(200);
  });

  test('and comes again has nothing of what a crash in the middle left', async () => {
    const { table } = world;
    const id = idOf('grouped');
    await putRole(table, id, { scope: 'app', org: 'acme', app: 'blog', role: 'owner' }, 1);
    await putRole(table, id, { scope: 'app', org: 'rival', app: 'shop', role: 'owner' }, 1);
    await table.write({ delete: { pk: `SUBJECT#${id}`, sk: 'ROLE#acme' } });
    const member = { scope: 'org', org: 'acme', role: 'member' } as const;
    expect(await putNewRole(table, id, member, 2)).toBe(true);
    expect(await readRolesOf(table, id)).toEqual([{ scope: 'app', org: 'rival', app: 'shop', role: 'owner' }, member]);
    // Who is in it loses nothing.
    await putRole(table, id, { scope: 'app', org: 'acme', app: 'blog', role: 'owner' }, 1);
    expect(await putNewRole(table, id, member, 3)).toBe(false);
    expect(await readRolesOf(table, id)).toHaveLength(3);
  });

  test('after a crash in the middle, is tidied up by the same request', async () => {
    const table = world.table;
    await table.write({ delete: { pk: `SUBJECT#${idOf('owner')}`, sk: 'ROLE#acme' } });
    expect(await ids('/orgs/acme/apps/shop/users')).toContain(idOf('owner'));
    expect(await call('admin', `DELETE /orgs/acme/users/${idOf('owner')}`)).toBe(204);
    expect(await ids('/orgs/acme/apps/shop/users')).not.toContain(idOf('owner'));
    expect(await call('admin', `DELETE /orgs/acme/users/${idOf('owner')}`)).toBe(404);
  });
});

describe('the last administrator', () => {
  const ALL = ['admin', 'second', 'service'] as const;

  test('stays when all are removed at once', async () => {
    const answers = await Promise.all(ALL.map(who => call(who, `DELETE /orgs/acme/users/${idOf(who)}`)));
    expect(answers.toSorted()).toEqual([204, 204, 409]);
  });

  test('stays when all step down at once', async () => {
    const demote = (who: Person) => call(who, `PATCH /orgs/acme/users/${idOf(who)}`, { role: 'member' });
    expect((await Promise.all(ALL.map(demote))).toSorted()).toEqual([200, 200, 409]);
  });

  test('may go when there is another one again', async () => {
    const path = (who: Person) => `/orgs/acme/users/${idOf(who)}`;
    expect(await call('admin', `DELETE ${path('second')}`)).toBe(204);
    expect(await call('admin', `DELETE ${path('service')}`)).toBe(204);
    expect(await call('admin', `PATCH ${path('admin')}`, { role: 'member' })).toBe(409);
    expect(await call('admin', `PATCH ${path('member')}`, { role: 'administrator' })).toBe(200);
    expect(await call('admin', `PATCH ${path('admin')}`, { role: 'member' })).toBe(200);
    expect(await call('member', `DELETE ${path('member')}`)).toBe(409);
  });

  test('is no group', async () => {
    expect(await call('admin', `PATCH /orgs/acme/groups/${CREW}`, { role: 'administrator' })).toBe(200);
    for (const who of ['second', 'service'] as const) await call('admin', `DELETE /orgs/acme/users/${idOf(who)}`);
    expect(await call('admin', `DELETE /orgs/acme/users/${idOf('admin')}`)).toBe(409);
  });
});

describe('invitations', () => {
  const ada = { email: 'ada@example.com', role: 'member' };

  test('make a user of the org, once for an address', async () => {
    const made = await world.client({ method: 'POST', path: '/orgs/acme/invitations', body: ada });
    const { json } = await world.client({ path: `/orgs/acme/users/${made.json[0].id}` });
    expect(json).toMatchObject({ name: 'ada@example.com', email: 'ada@example.com', type: 'user', role: 'member' });
    expect(await call('admin', 'POST /orgs/acme/invitations', { ...ada, email: 'ADA@example.com' })).toBe(409);
    expect((await world.client({ path: '/orgs/acme/invitations' })).json).toEqual([
      {
        email: 'ada@example.com',
        user_id: made.json[0].id,
        created_at: made.json[0].created_at,
        created_by: idOf('admin'),
        expires_at: '9999-12-31T23:59:59.999Z',
      },
    ]);
  });

  test('of another org make another user: nobody has proved the address', async () => {
    const invite = (org: string, as: Person) =>
      world.client({ method: 'POST', path: `/orgs/${org}/invitations`, body: ada, token: world.tokens[as] });
    const [one, other] = await Promise.all([invite('acme', 'admin'), invite('rival', 'rival')]);
    expect(one.json[0].id).not.toBe(other.json[0].id);
  });

  test('end with the removal of the user', async () => {
    const made = await world.client({ method: 'POST', path: '/orgs/acme/invitations', body: ada });
    expect(await call('admin', `DELETE /orgs/acme/users/${made.json[0].id}`)).toBe(204);
    expect((await world.client({ path: '/orgs/acme/invitations' })).json).toEqual([]);
    expect(await call('admin', 'POST /orgs/acme/invitations', ada)).toBe(200);
  });

  test('that led to nobody are replaced', async () => {
    await call('admin', 'POST /orgs/acme/invitations', ada);
    const [{ user_id: lost }] = (await world.client({ path: '/orgs/acme/invitations' })).json;
    await world.table.write({ delete: { pk: `SUBJECT#${lost}`, sk: 'ROLE#acme' } });
    expect(await call('admin', 'POST /orgs/acme/invitations', ada)).toBe(409);
    await world.clock.advance(60_000);
    expect(await call('admin', 'POST /orgs/acme/invitations', ada)).toBe(200);
    expect(await call('admin', 'POST /orgs/acme/invitations', ada)).toBe(409);
  });

  test('of fifty at once for one address make one user', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call('admin', 'POST /orgs/acme/invitations', ada)),
    );
    expect(answers.filter(status => status === 200)).toHaveLength(1);
    expect(answers.filter(status => status === 409)).toHaveLength(49);
  });
});

test('lists of people go over pages without losing or repeating anybody', async () => {
  const whole = await ids('/orgs/acme/users');
  const listed: string[] = [];
  let path: string | undefined = '/orgs/acme/users?per_page=4';
  while (path !== undefined) {
    const page = await world.client({ path });
    listed.push(...page.json.map((row: { id: string }) => row.id));
    path = /<(.*)>/.exec(page.headers.link ?? '')?.[1];
  }
  expect(listed).toEqual(whole);
  expect(new Set(listed).size).toBe(14);
  expect(listed).not.toContain(idOf('rival'));
});

test('the audit log names whom a change was about, and never a token', async () => {
  const path = `/users/${idOf('viewer')}/tokens`;
  const { json } = await world.client({ method: 'POST', path, body: { id: 'cli', type: 'static' } });
  await call('admin', `PATCH /orgs/acme/users/${idOf('member')}`, { role: 'manager' });
  await call('manager', `PATCH /orgs/acme/users/${idOf('viewer')}`, { role: 'administrator' });
  const log = await world.client({ path: '/orgs/acme/audit-logs' });
  expect(log.text).not.toContain(json.token);
  const details = (log.json as { details?: object }[]).map(entry => entry.details);
  expect(details.slice(0, 3)).toEqual([
    { subject: idOf('viewer'), role: 'administrator' },
    { subject: idOf('member'), role: 'manager', old_role: 'member' },
    { subject: idOf('viewer'), token: 'cli' },
  ]);
});
