import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalTable, openTable } from '../../../local/table/open-table.ts';
import type { Table } from '../../../src/ports/table.ts';
import { putApproval } from '../../../src/store/approvals.ts';
import { approvalKey, runKey } from '../../../src/store/keys.ts';
import type { RunRecord } from '../../../src/store/runs.ts';
import { createApiClient } from '../../kit/api-client.ts';
import { openWorld, type World } from '../../kit/api-world.ts';

const APP = '/orgs/acme/apps/shop';
const RUNS = `${APP}/pipelines/deploy/runs`;

let local: LocalTable;
let world: World;
/** What happens, once, before the next part of a large value is read. */
let meanwhile: (() => Promise<void>) | undefined;

beforeEach(async () => {
  local = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  const table: Table = {
    ...local,
    async getMany(keys, options) {
      if (keys.some(({ sk }) => sk.startsWith('LARGE#'))) {
        const happens = meanwhile;
        meanwhile = undefined;
        await happens?.();
      }
      return local.getMany(keys, options);
    },
  };
  world = await openWorld({ table }, local);
});
afterEach(() => world.close());

const get = (path: string) => createApiClient(world.handler, world.tokens.admin)({ path });
const told = () => world.logged.filter(({ message }) => message.includes('cannot be read'));

describe('a record that cannot be read', () => {
  test.each([
    RUNS,
    `${RUNS}?completed=false`,
    '/orgs/acme/pipeline-runs',
    '/orgs/acme/pipeline-runs?completed=false',
    '/orgs/acme/pipeline-runs?completed=false&app=shop',
  ])('is left out of a list of runs, and told of: %s', async path => {
    const [first, bad, last] = [await world.addRun(), await world.addRun(), await world.addRun()];
    await local.write({ update: runKey(bad), set: { status: 'nonsense' } });
    const { status, json } = await get(path);
    expect(status).toBe(200);
    expect(json.map(({ id }: { id: string }) => id)).toEqual([last.run, first.run]);
    expect(told()).toHaveLength(1);
  });

  test('that is a position of no run does not keep a list from being read', async () => {
    const run = await world.addRun();
    await local.write({ put: { pk: 'RUNS#x', sk: 'y', gsi2pk: 'OPEN#00', gsi2sk: 'acme/shop' } });
    expect((await get('/orgs/acme/pipeline-runs?completed=false')).json).toMatchObject([{ id: run.run }]);
    expect(told()).toHaveLength(1);
  });

  test.each(['', '?run='])('is left out of a list of approvals, and told of: %s', async query => {
    const run = await world.addRun();
    const ids = [1, 2].map(count => `00000000-0000-8000-8000-${String(count).padStart(12, '0')}`);
    for (const [index, id] of ids.entries()) {
      await putApproval(local, {
        ...{ org: 'acme', app: 'shop', pipeline: 'deploy', run: run.run, job: 'release', id },
        ...{ envId: 'development', message: 'Go?', minApprovals: 1, allowSelf: true },
        createdAt: world.clock.now() + index,
        expiresAt: 4_000_000_000,
      });
    }
    await local.write({ update: approvalKey(run.run, ids[0] ?? ''), set: { status: 'nonsense' } });
    const { status, json } = await get(`${APP}/approvals${query === '' ? '' : `${query}${run.run}`}`);
    expect(status).toBe(200);
    expect(json).toMatchObject([{ id: ids[1] }]);
    expect(told()).toHaveLength(1);
  });
});

describe('a run that is deleted while it is read', () => {
  const large = { version: 'x'.repeat(5_000) };
  let run: RunRecord;
  beforeEach(async () => {
    run = await world.addRun({ inputs: large });
    await world.endRun(run);
    meanwhile = async () => {
      const client = createApiClient(world.handler, world.tokens.admin);
      expect((await client({ method: 'DELETE', path: `${RUNS}/${run.run}` })).status).toBe(204);
    };
  });

  test('is not there', async () => {
    expect(await get(`${RUNS}/${run.run}`)).toMatchObject({ status: 404 });
  });

  test('cannot be restarted', async () => {
    const client = createApiClient(world.handler, world.tokens.admin);
    expect(await client({ method: 'POST', path: `${RUNS}/${run.run}/restart`, body: {} })).toMatchObject({
      status: 404,
    });
  });

  test('is not in a list', async () => {
    const other = await world.addRun();
    const { status, json } = await get(RUNS);
    expect(status).toBe(200);
    expect(json).toMatchObject([{ id: other.run }]);
    expect(told()).toEqual([]);
  });
});

test('a part that is missing of a run that is there is no 404', async () => {
  const run = await world.addRun({ inputs: { version: 'x'.repeat(5_000) } });
  await local.write({ delete: { pk: `RUN#${run.run}`, sk: 'LARGE#inputs#000' } });
  expect((await get(`${RUNS}/${run.run}`)).status).toBe(500);
  expect((await get(RUNS)).json).toEqual([]);
  expect(told()).toHaveLength(1);
});
