import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalTable, openTable } from '../../../local/table/open-table.ts';
import type { Write } from '../../../src/ports/table.ts';
import { readRolesOf } from '../../../src/store/subjects.ts';
import { CREW } from '../../kit/api-people.ts';
import { idOf, openWorld, smallPipeline, type World } from '../../kit/api-world.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

let local: LocalTable;
let world: World;
let hold: { readonly key: string; readonly meanwhile: () => Promise<void> } | undefined;

beforeEach(async () => {
  local = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
  hold = undefined;
  /** Right before the write that is looked for: another request, from its begin to its end. */
  const write = async (write: Write) => {
    if (hold !== undefined && 'put' in write && `${write.put.pk} ${write.put.sk}`.includes(hold.key)) {
      const { meanwhile } = hold;
      hold = undefined;
      await meanwhile();
    }
    return local.write(write);
  };
  world = await openWorld({ table: { ...local, write } }, local);
});
afterEach(() => world.close());

const SHOP = '/orgs/acme/apps/shop';
const TYPE = '/orgs/acme/env-types/production';
const GROUP = `/orgs/acme/groups/${CREW}`;
const USER = `/orgs/acme/users/${idOf('member')}`;
const role = (name: string) => ({ id: idOf('member'), role: name });
const value = { key: 'pw', value: 'old-secret', is_secret: true };

test.each([
  ['a role on an app', `${SHOP}/users`, role('owner'), 'APPROLE#acme/shop', SHOP],
  ['a role on a type', `${TYPE}/users`, role('deployer'), 'ENVROLE#acme/production', TYPE],
  ['a value', `${SHOP}/values`, value, 'VALUES#', SHOP],
  ['a pipeline', `${SHOP}/pipelines`, smallPipeline('late'), 'PIPELINES#', SHOP],
  [
    'the first role on an app',
    '/orgs/acme/apps',
    { id: 'late', name: 'L' },
    'APPROLE#acme/late',
    '/orgs/acme/apps/late',
  ],
  ['a role on an app for who leaves', `${SHOP}/users`, role('owner'), 'APPROLE#acme/shop', USER],
  ['a member of a group', `${GROUP}/users`, { id: idOf('member') }, `MEMBER#${CREW}`, GROUP],
  ['a member of a group who leaves', `${GROUP}/users`, { id: idOf('member') }, `MEMBER#${CREW}`, USER],
] as const)('%s that is put behind a deletion is not there afterwards', async (_, path, body, key, deleted) => {
  const yaml = typeof body === 'string' ? { headers: { 'content-type': 'application/x-yaml' } } : {};
  const write = { method: 'POST', path, body, ...yaml };
  let status = 0;
  const meanwhile = async (): Promise<void> => {
    status = (await world.client({ method: 'DELETE', path: deleted })).status;
  };
  hold = { key, meanwhile };
  const answer = await world.client(write);
  expect(status).toBeLessThan(300);
  expect(answer.json.error).toBe('NOT_FOUND');
  const left = async (pk: string) => (await local.query({ pk })).items.filter(({ sk }) => `${pk} ${sk}`.includes(key));
  for (const pk of ['member', 'admin'] as const) expect(await left(`SUBJECT#${idOf(pk)}`)).toEqual([]);
  for (const pk of ['VALUES#acme/shop', 'PIPELINES#acme/shop']) expect(await left(pk)).toEqual([]);
});

test('a role that is given while somebody leaves goes too, though they stay in another org', async () => {
  const member = { scope: 'org', org: 'rival', role: 'member' } as const;
  await local.write({ put: { pk: `SUBJECT#${idOf('member')}`, sk: 'ROLE#rival', role: 'member', created_at: 1 } });
  // Read as somebody without it; given before the role of the org is gone.
  const query = local.query.bind(local);
  const reads = { count: 0 };
  const table: LocalTable = {
    ...local,
    query: async asked => {
      const page = await query(asked);
      if (asked.pk === `SUBJECT#${idOf('member')}` && asked.prefix === undefined && reads.count++ === 0) {
        const key = { pk: `SUBJECT#${idOf('member')}`, sk: 'APPROLE#acme/shop' };
        await local.write({ put: { ...key, role: 'owner', created_at: 1 } });
      }
      return page;
    },
  };
  const other = await openWorld({ table, keys: world.keys }, { ...local, write: local.write });
  await local.write({ put: { pk: `SUBJECT#${idOf('member')}`, sk: 'ROLE#rival', role: 'member', created_at: 1 } });
  reads.count = 0;
  expect((await other.client({ method: 'DELETE', path: USER })).status).toBe(204);
  expect(await readRolesOf(local, idOf('member'))).toEqual([member]);
});
