import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import type { HeldRole } from '../../src/access/roles.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Table } from '../../src/ports/table.ts';
import { addAdministrator, dropAdministrator, hasAdministrator } from '../../src/store/administrators.ts';
import { leaveOrg } from '../../src/store/leave-org.ts';
import { addMember, emptyGroup, listMembers, removeMember } from '../../src/store/members.ts';
import { changeRole, putNewRole, putRole, removeRole } from '../../src/store/roles.ts';
import { deleteSubject, putSubject, readRoles, readSubject } from '../../src/store/subjects.ts';
import { deleteToken, putNewToken, putToken, touchToken } from '../../src/store/tokens.ts';
import { listGroups, listUsers } from '../../src/store/users.ts';
import { startDynalite, TABLE_NAME } from '../kit/dynamodb.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
const BOB = '00000000-0000-4000-8000-00000000000b';
const TEAM = 'g-00000000-0000-4000-8000-00000000000c';
const member: HeldRole = { scope: 'org', org: 'acme', role: 'member' };
const administrator: HeldRole = { scope: 'org', org: 'acme', role: 'administrator' };
const owner: HeldRole = { scope: 'app', org: 'acme', app: 'shop', role: 'owner' };
const deployer: HeldRole = { scope: 'env-type', org: 'acme', envType: 'production', role: 'deployer' };

const homes: Readonly<Record<string, () => Promise<{ readonly table: Table; close(): Promise<unknown> }>>> = {
  'the embedded table': async () => {
    const table = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
    return { table, close: () => table.close() };
  },
  DynamoDB: async () => {
    const database = await startDynalite();
    return { table: createTable({ client: database.client, tableName: TABLE_NAME }), close: () => database.close() };
  },
};

describe.each(Object.entries(homes))('on %s', (_, open) => {
  let table: Table;
  let close: () => Promise<unknown>;
  beforeEach(async () => {
    ({ table, close } = await open());
    await putSubject(table, { id: ADA, type: 'user', name: 'Ada', email: 'ada@example.com', createdAt: 1 });
    await putSubject(table, { id: BOB, type: 'user', name: 'Bob', createdAt: 2 });
    await putSubject(table, { id: TEAM, type: 'group', name: 'Team', createdAt: 3 });
  });
  afterEach(() => close());

  const ids = async (place: Parameters<typeof listUsers>[1]): Promise<readonly string[]> =>
    (await listUsers(table, place, 100)).records.map(({ profile }) => profile.id);

  test('one read tells all of a subject', async () => {
    await putRole(table, ADA, member, 10);
    await putRole(table, ADA, owner, 11);
    await putRole(table, ADA, deployer, 12);
    await addMember(table, TEAM, ADA, 13);
    await putToken(table, ADA, { id: 'cli', hash: 'h', createdAt: 14, tokenExpiresAt: 99_000, description: 'd' });
    expect(await readSubject(table, ADA)).toEqual({
      id: ADA,
      type: 'user',
      name: 'Ada',
      email: 'ada@example.com',
      createdAt: 1,
      tokens: new Map([['cli', { id: 'cli', hash: 'h', createdAt: 14, tokenExpiresAt: 99_000, description: 'd' }]]),
      roles: expect.arrayContaining([
        { ...member, createdAt: 10 },
        { ...owner, createdAt: 11 },
        { ...deployer, createdAt: 12 },
      ]),
      groups: [TEAM],
    });
    expect(await readSubject(table, 'nobody')).toBeUndefined();
  });

  test('the roles of groups count for who has a role of the org themselves', async () => {
    await putRole(table, TEAM, administrator, 1);
    await putRole(table, TEAM, owner, 1);
    await addMember(table, TEAM, ADA, 1);
    expect(await readRoles(table, ADA)).toEqual([]);
    await putRole(table, ADA, member, 2);
    expect(await readRoles(table, ADA)).toEqual(expect.arrayContaining([member, owner, administrator]));
    expect(await readRoles(table, 'nobody')).toEqual([]);
    await deleteSubject(table, TEAM);
    expect(await readRoles(table, ADA)).toEqual([member]);
  });

  test('roles are listed by place, the newest first, in parts', async () => {
    await putRole(table, ADA, member, 10);
    await putRole(table, BOB, member, 11);
    await putRole(table, TEAM, member, 12);
    await putRole(table, ADA, owner, 13);
    expect(await ids({ scope: 'org', org: 'acme' })).toEqual([TEAM, BOB, ADA]);
    expect(await ids({ scope: 'app', org: 'acme', app: 'shop' })).toEqual([ADA]);
    expect(await ids({ scope: 'app', org: 'acme', app: 'sho' })).toEqual([]);
    expect((await listGroups(table, 'acme', 10)).records).toMatchObject([{ profile: { id: TEAM } }]);
    const part = await listUsers(table, { scope: 'org', org: 'acme' }, 2);
    expect(part.records).toHaveLength(2);
    const rest = await listUsers(table, { scope: 'org', org: 'acme' }, 2, part.next);
    expect(rest.records).toMatchObject([{ profile: { id: ADA }, role: { role: 'member' } }]);
  });

  test('a role is given once, and changed only from what was seen', async () => {
    expect(await putNewRole(table, ADA, owner, 1)).toBe(true);
    expect(await putNewRole(table, ADA, { ...owner, role: 'viewer' }, 2)).toBe(false);
    expect(await changeRole(table, ADA, { ...owner, role: 'viewer' }, 'developer')).toBe('changed');
    expect(await changeRole(table, ADA, owner, 'developer')).toBe('done');
    expect(await removeRole(table, ADA, owner)).toBe('changed');
    expect(await removeRole(table, ADA, { ...owner, role: 'developer' })).toBe('done');
    expect(await removeRole(table, ADA, { ...owner, role: 'developer' })).toBe('done');
  });

  test('an org keeps an administrator, whatever a crash left behind', async () => {
    expect(await hasAdministrator(table, 'acme')).toBe(false);
    await putRole(table, ADA, administrator, 1);
    expect(await hasAdministrator(table, 'acme')).toBe(true);
    // Noted, and the role was never given or is gone: it counts for nothing.
    await addAdministrator(table, 'acme', BOB);
    expect(await removeRole(table, ADA, administrator)).toBe('last administrator');
    expect(await changeRole(table, ADA, administrator, 'member')).toBe('last administrator');
    await putRole(table, BOB, administrator, 2);
    expect(await dropAdministrator(table, 'acme', ADA)).toBe(true);
    // Taken from the notes, and still in the role: the other one may not go.
    expect(await removeRole(table, BOB, administrator)).toBe('last administrator');
    expect(await removeRole(table, ADA, administrator)).toBe('done');
  });

  test('tokens are made once by id, and their use is noted once', async () => {
    const token = { id: 'cli', hash: 'h', createdAt: 1 };
    expect(await putNewToken(table, ADA, token)).toBe(true);
    expect(await putNewToken(table, ADA, { ...token, hash: 'other' })).toBe(false);
    // An answer that was lost: the same write again.
    expect(await putNewToken(table, ADA, token)).toBe(true);
    await touchToken(table, ADA, token, 100);
    await touchToken(table, ADA, token, 200);
    const seen = async () => (await readSubject(table, ADA))?.tokens.get('cli');
    expect((await seen())?.lastUsedAt).toBe(100);
    await touchToken(table, ADA, { ...token, lastUsedAt: 100 }, 300);
    expect((await seen())?.lastUsedAt).toBe(300);
    await deleteToken(table, ADA, 'cli');
    await touchToken(table, ADA, token, 400);
    expect(await seen()).toBeUndefined();
  });

  test('a token of the version before is no token', async () => {
    await table.write({ put: { pk: `SUBJECT#${ADA}`, sk: 'TOKEN#sha256-00', id: 'old', created_at: 1 } });
    expect((await readSubject(table, ADA))?.tokens).toEqual(new Map());
  });

  test('members come and go', async () => {
    expect(await addMember(table, TEAM, ADA, 1)).toBe(true);
    expect(await addMember(table, TEAM, ADA, 2)).toBe(false);
    await addMember(table, TEAM, BOB, 3);
    const names = async () => (await listMembers(table, TEAM, 10)).records.map(({ name }) => name);
    expect(await names()).toEqual(['Bob', 'Ada']);
    await removeMember(table, TEAM, BOB);
    expect(await names()).toEqual(['Ada']);
    await emptyGroup(table, TEAM);
    await emptyGroup(table, TEAM);
    expect(await names()).toEqual([]);
  });

  test('who leaves one org stays in the other', async () => {
    await putRole(table, ADA, member, 1);
    await putRole(table, ADA, owner, 1);
    await putRole(table, ADA, { ...member, org: 'rival' }, 1);
    await putRole(table, TEAM, member, 1);
    await addMember(table, TEAM, ADA, 1);
    const ada = await readSubject(table, ADA);
    expect(ada && (await leaveOrg(table, ada, 'acme'))).toBe('done');
    const after = await readSubject(table, ADA);
    expect(after?.roles).toEqual([{ ...member, org: 'rival', createdAt: 1 }]);
    expect(after?.groups).toEqual([]);
    expect(after && (await leaveOrg(table, after, 'rival'))).toBe('done');
    expect(await readSubject(table, ADA)).toBeUndefined();
  });
});
