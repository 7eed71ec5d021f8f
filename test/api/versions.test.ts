import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import { actions } from '../../src/actions/registry.ts';
import type { Table, Write, Written } from '../../src/ports/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { getVersion, putPendingVersion } from '../../src/store/versions.ts';
import { DEPLOY, idOf, openWorld, smallPipeline, type World } from '../kit/api-world.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const PIPELINES = '/orgs/acme/apps/shop/pipelines';
const PIPELINE = `${PIPELINES}/deploy`;
const headers = { 'content-type': 'text/yaml' };
const place = { org: 'acme', app: 'shop', pipeline: 'deploy' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function update(body: string): Promise<string> {
  await world.clock.advance(1_000);
  const answer = await world.client({ method: 'PATCH', path: PIPELINE, headers, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.version;
}

describe('versions', () => {
  test('are listed with who made them and when, the newest first', async () => {
    const first = (await world.client({ path: PIPELINE })).json.version;
    const second = await update(smallPipeline());
    const common = { org_id: 'acme', app_id: 'shop', pipeline_id: 'deploy', created_by: idOf('admin') };
    expect((await world.client({ path: `${PIPELINE}/versions` })).json).toEqual([
      { ...common, id: second, created_at: '2030-01-01T00:00:01.000Z' },
      { ...common, id: first, created_at: '2030-01-01T00:00:00.000Z' },
    ]);
  });

  test('come with a change only: the same text makes none', async () => {
    const first = (await world.client({ path: PIPELINE })).json.version;
    expect(await update(DEPLOY)).toBe(first);
    expect(await update(`${DEPLOY}\n`)).not.toBe(first);
    expect((await world.client({ path: `${PIPELINE}/versions` })).json).toHaveLength(2);
  });

  test('can be read, as text and as what the pipeline was', async () => {
    const first = (await world.client({ path: PIPELINE })).json.version;
    await update(smallPipeline());
    expect((await world.client({ path: PIPELINE })).json).toMatchObject({ name: 'Small', metadata: {} });
    expect((await world.client({ path: `${PIPELINE}?version=${first}` })).json).toMatchObject({
      id: 'deploy',
      version: first,
      name: 'Deploy the shop',
      metadata: { team: 'web' },
    });
    expect((await world.client({ path: `${PIPELINE}/schema?version=${first}` })).text).toBe(DEPLOY);
  });

  test('can be started', async () => {
    const first = (await world.client({ path: PIPELINE })).json.version;
    const second = await update(smallPipeline());
    const start = (query: string, inputs: object) =>
      world.client({ method: 'POST', path: `${PIPELINE}/runs${query}`, body: { inputs } });
    expect((await start('', {})).json.pipeline_version).toBe(second);
    expect((await start(`?version=${second}`, {})).json.pipeline_version).toBe(second);
    expect((await start(`?version=${first}`, { version: '1' })).json.pipeline_version).toBe(first);
    expect((await start(`?version=${first}`, {})).json.error).toBe('INVALID_INPUTS');
  });

  test('of a change that was never committed are nowhere', async () => {
    const version = world.ids.ordered();
    await putPendingVersion(world.table, {
      ...place,
      version,
      text: smallPipeline(),
      createdAt: world.clock.now(),
      createdBy: 'x',
    });
    expect((await world.client({ path: `${PIPELINE}/versions` })).json).toHaveLength(1);
    for (const path of [`${PIPELINE}?version=${version}`, `${PIPELINE}/schema?version=${version}`]) {
      expect((await world.client({ path })).status).toBe(404);
    }
  });

  test('of a deleted pipeline are not those of a new one with its id', async () => {
    const first = (await world.client({ path: PIPELINE })).json.version;
    expect((await world.client({ path: `${PIPELINE}?version=${first}` })).status).toBe(200);
    expect((await world.client({ method: 'DELETE', path: PIPELINE })).status).toBe(204);
    await world.clock.advance(1_000);
    await world.client({ method: 'POST', path: PIPELINES, headers, body: DEPLOY });
    expect((await world.client({ path: `${PIPELINE}/versions` })).json).toHaveLength(1);
    for (const path of [`${PIPELINE}?version=${first}`, `${PIPELINE}/schema?version=${first}`]) {
      expect((await world.client({ path })).status).toBe(404);
    }
    const start = { method: 'POST', path: `${PIPELINE}/runs?version=${first}`, body: { inputs: { version: '1' } } };
    expect((await world.client(start)).status).toBe(404);
  });
});

describe('a deleted pipeline', () => {
  test('keeps its runs readable, with their jobs, until they expire', async () => {
    const run = await world.addRun();
    const path = `${PIPELINE}/runs/${run.run}`;
    expect((await world.client({ method: 'DELETE', path: PIPELINE })).json.message).toContain(run.run);
    await world.endRun(run);
    expect((await world.client({ method: 'DELETE', path: PIPELINE })).status).toBe(204);
    expect((await world.client({ path })).json.status).toBe('succeeded');
    expect((await world.client({ path: `${path}/jobs` })).json).toHaveLength(2);
    expect((await world.client({ path: `${PIPELINE}/runs` })).status).toBe(404);
  });

  test('gives its versions an end behind that of its runs', async () => {
    const { version } = (await world.client({ path: PIPELINE })).json;
    await update(smallPipeline());
    await world.client({ method: 'DELETE', path: PIPELINE });
    const { items } = await world.table.query({ pk: 'VERSIONS#acme/shop/deploy' });
    const now = Math.ceil(world.clock.now() / 1_000);
    expect(items.map(item => item.expires_at)).toEqual([now + 91 * 86_400, now + 91 * 86_400]);
    expect(items.map(item => item.sk)).toContain(version);
  });
});

/** A table that tells what is written, and can be told to die before a write. */
function watch(table: Table, seen: (write: Write) => void): Table {
  return {
    ...table,
    async write(write): Promise<Written> {
      seen(write);
      return table.write(write);
    },
    async writeInOrder(groups) {
      for (const write of groups.flat()) seen(write);
      return table.writeInOrder(groups);
    },
  };
}

describe('a change of a pipeline', () => {
  test.each(['POST', 'PATCH'])(
    'by %s that dies at any write leaves nothing wrong, and can be repeated',
    async method => {
      for (let deaths = 1; deaths < 20; deaths += 1) {
        await world.close();
        const clock = createFakeClock();
        const table = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
        let left = Number.POSITIVE_INFINITY;
        const mortal = watch(table, () => {
          left -= 1;
          if (left === 0) throw new Error('died');
        });
        world = await openWorld({ table: mortal, definitions: createDefinitions(table, actions) }, table);
        const call =
          method === 'POST'
            ? { method, path: PIPELINES, headers, body: smallPipeline('small') }
            : { method, path: PIPELINE, headers, body: smallPipeline() };
        left = deaths;
        const answer = await world.client(call);
        left = Number.POSITIVE_INFINITY;
        if (answer.status < 300) {
          expect(deaths).toBeGreaterThan(3);
          return;
        }
        expect(answer.status).toBe(500);
        const path = method === 'POST' ? `${PIPELINES}/small` : PIPELINE;
        const before = await world.client({ path });
        // What is pointed at can always be read, whether it was settled or not.
        if (before.status === 200) expect((await world.client({ path: `${path}/schema` })).status).toBe(200);
        const again = await world.client(call);
        expect(again.status).toBe(before.status === 200 && method === 'POST' ? 409 : method === 'POST' ? 201 : 200);
        expect((await world.client({ path: `${path}/schema` })).text).toBe(call.body);
        // And what a pipeline points at, or pointed at, stays for good.
        const id = method === 'POST' ? 'small' : 'deploy';
        const versions: { id: string }[] = (await world.client({ path: `${path}/versions` })).json;
        expect(versions).toHaveLength(method === 'POST' ? 1 : 2);
        for (const version of versions) {
          const item = await table.get({ pk: `VERSIONS#acme/shop/${id}`, sk: version.id });
          expect(item?.expires_at).toBeUndefined();
        }
      }
      expect.fail('there is no end of writes');
    },
  );

  test('loses against another one at the same time, and leaves no version behind', async () => {
    let racing: (() => Promise<unknown>) | undefined;
    const clock = createFakeClock();
    const table = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
    const slow: Table = {
      ...table,
      async write(write) {
        const race = racing;
        if ('put' in write && write.put.pending === true && race !== undefined) {
          racing = undefined;
          await race();
        }
        return table.write(write);
      },
    };
    await world.close();
    world = await openWorld({ table: slow, definitions: createDefinitions(table, actions) }, table);
    racing = () => update(smallPipeline());
    const body = DEPLOY.replace('web', 'ops');
    const loser = await world.client({ method: 'PATCH', path: PIPELINE, headers, body });
    expect(loser).toMatchObject({ status: 409, json: { error: 'CHANGED_MEANWHILE' } });
    expect((await world.client({ path: `${PIPELINE}/schema` })).text).toBe(smallPipeline());
    const { items } = await table.query({ pk: 'VERSIONS#acme/shop/deploy' });
    expect(items).toHaveLength(2);
  });

  test('whose id is taken leaves no version behind', async () => {
    await world.client({ method: 'POST', path: PIPELINES, headers, body: DEPLOY });
    const { items } = await world.table.query({ pk: 'VERSIONS#acme/shop/deploy' });
    expect(items).toHaveLength(1);
    expect(await getVersion(world.table, place, items[0]?.sk ?? '')).toBeDefined();
  });
});
