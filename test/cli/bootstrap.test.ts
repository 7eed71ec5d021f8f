import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bootstrap } from '../../cli/bootstrap.ts';
import { bootstrapCommand } from '../../cli/bootstrap-command.ts';
import { openTable } from '../../local/table/open-table.ts';
import { deriveKeys } from '../../src/api/keys-of.ts';
import { hashToken, subjectOfToken } from '../../src/api/tokens.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Table } from '../../src/ports/table.ts';
import { listInvitations } from '../../src/store/invitations.ts';
import { orgExists } from '../../src/store/orgs.ts';
import { putRole } from '../../src/store/roles.ts';
import { putSubject, readSubject } from '../../src/store/subjects.ts';
import { openWorld, type World } from '../kit/api-world.ts';
import { startDynalite, TABLE_NAME } from '../kit/dynamodb.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { temporaryFolder } from '../kit/local-server.ts';
import { createTimeIds } from '../kit/time-ids.ts';

const SECRET = 'the secret of the server of the tests';
const keys = deriveKeys(SECRET);
const FIRST = { org: 'new-org', name: 'First administrator', force: false };

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

describe('a fresh deployment', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    cleanUp.push(() => world.close());
  });

  test('gets an administrator, whose token makes everything else', async () => {
    const made = await bootstrap(world, { ...FIRST, email: 'Ada@Example.com' });
    if ('refused' in made) throw new Error(made.refused);
    const { json } = await world.client({ path: '/current-user', token: made.token });
    expect(json).toMatchObject({ id: made.id, roles: { 'new-org': 'administrator' }, email: 'ada@example.com' });
    const app = { method: 'POST', path: '/orgs/new-org/apps', body: { id: 'web', name: 'Web' } };
    expect((await world.client({ ...app, token: made.token })).status).toBe(201);
    expect(await orgExists(world.table, 'new-org')).toBe(true);
    expect((await listInvitations(world.table, 'new-org', 10)).records).toHaveLength(1);
    await world.clock.advance(90 * 86_400_000);
    expect((await world.client({ path: '/current-user', token: made.token })).status).toBe(401);
  });

  test('has no second one, unless it is forced', async () => {
    await bootstrap(world, FIRST);
    expect(await bootstrap(world, FIRST)).toEqual({ refused: expect.stringContaining('--force') });
    expect(await bootstrap(world, { ...FIRST, force: true })).toHaveProperty('token');
  });

  test('may have been left by a crash', async () => {
    const id = '00000000-0000-4000-8000-00000000abcd';
    await putSubject(world.table, { id, type: 'user', name: 'lost', createdAt: 0 });
    await putRole(world.table, id, { scope: 'org', org: 'new-org', role: 'member' }, 0);
    expect(await bootstrap(world, FIRST)).toHaveProperty('token');
  });
});

test('it works on DynamoDB', async () => {
  const database = await startDynalite();
  cleanUp.push(() => database.close());
  const table = createTable({ client: database.client, tableName: TABLE_NAME });
  const clock = createFakeClock();
  const made = await bootstrap({ table, clock, ids: createTimeIds(clock), keys }, FIRST);
  if ('refused' in made) throw new Error(made.refused);
  await expectAdministrator(table, made.token);
  expect(await bootstrap({ table, clock, ids: createTimeIds(clock), keys }, FIRST)).toHaveProperty('refused');
});

describe('the command', () => {
  const printed: string[] = [];
  const told: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    told.length = 0;
  });

  const run = (args: readonly string[], more: { readonly stdin?: string; readonly secret?: string } = {}) =>
    bootstrapCommand(args, {
      stdin: (async function* () {
        yield more.stdin ?? '';
      })(),
      environment: { SERVER_SECRET: more.secret },
      print: line => printed.push(line),
      tell: line => told.push(line),
    });

  test.each([
    ['no org', [], '--org is needed'],
    ['an org that is no id', ['--org', 'Acme', '--data', 'x'], '--org'],
    ['no place', ['--org', 'acme'], 'one of --table and --data is needed'],
    ['two places', ['--org', 'acme', '--table', 't', '--data', 'x'], 'only one of --table and --data'],
    ['a folder without a server', ['--org', 'acme', '--data', '/nowhere/x'], 'npm start -- --data /nowhere/x'],
    ['an unknown option', ['--organisation', 'acme'], '--organisation'],
    ['a wrong address', ['--org', 'acme', '--data', 'x', '--email', 'ada'], '--email'],
    ['no secret', ['--org', 'acme', '--table', 't'], 'SERVER_SECRET'],
  ])('says what is wrong: %s', async (_, args, says) => {
    expect(await run(args)).toBe(2);
    expect(told.join('\n')).toContain(says);
    expect(printed).toEqual([]);
  });

  test('prints how it is used', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(printed.join('\n')).toContain('--server-secret-file');
    expect(told).toEqual([]);
  });

  test('on local data prints the token alone', async () => {
    const folder = await temporaryFolder();
    cleanUp.push(() => folder.remove());
    await mkdir(folder.path, { recursive: true });
    await writeFile(join(folder.path, 'server-secret'), `${SECRET}\n`);
    expect(await run(['--org', 'acme', '--data', folder.path])).toBe(0);
    expect(printed).toHaveLength(1);
    expect(told.join()).not.toContain(printed[0]);
    expect(await run(['--org', 'acme', '--data', folder.path])).toBe(1);
    expect(told.at(-1)).toContain('has an administrator already');
    expect(printed).toHaveLength(1);
    const table = openTable({ file: join(folder.path, 'table.sqlite'), clock: systemClock, sweepSeconds: 0 });
    cleanUp.push(() => table.close());
    await expectAdministrator(table, printed[0] ?? '');
    expect((await readFile(join(folder.path, 'table.sqlite'))).includes(printed[0] ?? '')).toBe(false);
  });

  test.each([
    ['stdin', ['--server-secret-file', '-'], { stdin: `${SECRET}\n` }],
    ['the environment', [], { secret: SECRET }],
  ])('on DynamoDB takes the secret from %s', async (_, args, more) => {
    const database = await startDynalite();
    cleanUp.push(() => database.close());
    for (const [name, value] of Object.entries({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    })) {
      vi.stubEnv(name, value);
    }
    cleanUp.push(() => vi.unstubAllEnvs());
    expect(await run(['--org', 'acme', '--table', TABLE_NAME, ...args], more), told.join()).toBe(0);
    await expectAdministrator(createTable({ client: database.client, tableName: TABLE_NAME }), printed[0] ?? '');
  });
});

async function expectAdministrator(table: Table, token: string): Promise<void> {
  const subject = await readSubject(table, subjectOfToken(token) ?? '');
  expect(subject?.roles).toMatchObject([{ scope: 'org', role: 'administrator' }]);
  expect([...(subject?.tokens.values() ?? [])]).toMatchObject([{ hash: hashToken(token, keys.token) }]);
}
