import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiHandler } from '../../../functions/api/api-handler.ts';
import { createApi } from '../../../src/api/api.ts';
import type { Table } from '../../../src/ports/table.ts';
import { type ArtefactPipeline, artefactPipelines } from '../../../src/store/artefact-pipelines.ts';
import { getPipeline } from '../../../src/store/pipelines.ts';
import { type ApiClient, createApiClient } from '../../kit/api-client.ts';
import { smallPipeline } from '../../kit/api-world.ts';
import { type ArtefactRuns, artefactPipeline, openArtefactRuns } from '../../kit/artefact-runs.ts';

const PIPELINES = '/orgs/acme/apps/shop/pipelines';
const headers = { 'content-type': 'application/x-yaml' };
const WITH = artefactPipeline('pp', ['.*']);
const WITHOUT = smallPipeline('pp');
const OF_WORKLOADS = WITH.replace('type: container', 'type: workload').replace('container_', 'workload_');

let all: ArtefactRuns;
beforeEach(async () => {
  all = await openArtefactRuns();
});
afterEach(() => all.world.close());

async function entries(type = 'container'): Promise<readonly ArtefactPipeline[]> {
  const found: ArtefactPipeline[] = [];
  for await (const entry of artefactPipelines(all.world.table, 'acme', type)) found.push(entry);
  return found;
}

type Change = (client: ApiClient) => Promise<unknown>;
const create =
  (body: string): Change =>
  client =>
    client({ method: 'POST', path: PIPELINES, headers, body });
const update =
  (body: string): Change =>
  client =>
    client({ method: 'PATCH', path: `${PIPELINES}/pp`, headers, body });
const remove: Change = client => client({ method: 'DELETE', path: `${PIPELINES}/pp` });

/** Somebody dies at write number `at` of a change: before it has an effect, or after. Answers how many writes there were. */
async function dying(change: Change, at: number, when: 'before' | 'after'): Promise<number> {
  const { table } = all.world;
  let calls = 0;
  let dead = false;
  const fatal = async <R>(call: () => Promise<R>): Promise<R> => {
    if (dead) throw new Error('dead');
    calls += 1;
    if (calls !== at) return call();
    if (when === 'after') await call();
    dead = true;
    throw new Error('dead');
  };
  const through: Table = {
    ...table,
    write: write => fatal(() => table.write(write)),
    writeInOrder: groups => fatal(() => table.writeInOrder(groups)),
  };
  const quiet = { ...all.world, table: through, log: () => undefined };
  await change(createApiClient(createApiHandler(createApi(quiet), quiet.log), all.world.tokens.admin));
  return calls;
}

const CHANGES: Readonly<Record<string, readonly [readonly Change[], Change]>> = {
  'a new pipeline': [[], create(WITH)],
  'a new trigger': [[create(WITHOUT)], update(WITH)],
  'a trigger that stays': [[create(WITH)], update(WITH.replace('Of artefacts', 'Of more'))],
  'a trigger that goes': [[create(WITH)], update(WITHOUT)],
  'a trigger of another type': [[create(OF_WORKLOADS)], update(WITH)],
  'a deletion': [[create(WITH)], remove],
  'a pipeline after a deletion': [[create(WITH), remove], create(WITH)],
};

describe.each(Object.entries(CHANGES))('%s', (_name, [given, change]) => {
  test('whatever write somebody dies at, artefacts find the pipeline exactly when its current version asks', async () => {
    let writes = 1;
    for (let at = 0; at <= writes; at += 1) {
      for (const when of ['before', 'after'] as const) {
        await all.world.close();
        all = await openArtefactRuns();
        for (const each of given) await each(all.world.client);
        await all.world.clock.advance(1);
        const calls = await dying(change, at, when);
        if (at === 0) writes = calls;
        const now = await getPipeline(all.world.table, { org: 'acme', app: 'shop', pipeline: 'pp' });
        await all.push('web');
        const asks = now?.artefact === 'container';
        expect((await all.runs('pp')).length, `${when} write ${at} of ${writes}`).toBe(asks ? 1 : 0);
      }
    }
    expect(writes).toBeGreaterThan(3);
  });
});

test('holds the pipelines that artefacts start, and no others', async () => {
  await create(WITHOUT)(all.world.client);
  expect(await entries()).toEqual([]);
  await update(WITH)(all.world.client);
  expect(await entries()).toMatchObject([{ app: 'shop', pipeline: 'pp' }]);
  await update(OF_WORKLOADS)(all.world.client);
  expect([await entries(), await entries('workload')]).toMatchObject([[], [{ pipeline: 'pp' }]]);
  await remove(all.world.client);
  expect([...(await entries()), ...(await entries('workload'))]).toEqual([]);
});

test('does not lose a pipeline that gets the trigger back while it goes', async () => {
  const { table, client } = all.world;
  await create(WITH)(client);
  // The deletion of the entry comes after the trigger is back.
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const slow: Table = {
    ...table,
    async write(write) {
      if ('delete' in write && write.delete.pk.startsWith('ARTEFACTPIPELINES#')) await held;
      return table.write(write);
    },
  };
  const slowly = { ...all.world, table: slow };
  const goes = update(WITHOUT)(
    createApiClient(createApiHandler(createApi(slowly), slowly.log), all.world.tokens.admin),
  );
  await all.world.clock.flush();
  await update(WITH)(client);
  letGo();
  await goes;
  await all.push('web');
  expect(await all.runs('pp')).toHaveLength(1);
});

test('forgets in time what is not true, and not before it could become true', async () => {
  await dying(create(WITH), 3, 'before');
  expect(await entries()).toHaveLength(1);
  await all.push('one');
  expect(await entries()).toHaveLength(1);
  await all.world.clock.advance(3_600_001);
  await all.push('two');
  expect(await entries()).toEqual([]);
});

test('a push costs the same with a hundred pipelines as with one', async () => {
  const cost = async (pipelines: number): Promise<number> => {
    for (let count = 0; count < pipelines; count += 1) {
      await create(smallPipeline(`p${pipelines}-${count}`))(all.world.client);
    }
    let calls = 0;
    const counted = async <R>(call: Promise<R>): Promise<R> => {
      calls += 1;
      return call;
    };
    const { table: real } = all.world;
    const through: Table = {
      get: (key, options) => counted(real.get(key, options)),
      getMany: (keys, options) => counted(real.getMany(keys, options)),
      query: query => counted(real.query(query)),
      write: write => counted(real.write(write)),
      writeInOrder: groups => counted(real.writeInOrder(groups)),
    };
    await all.push(`n${pipelines}`, { through: { table: through } });
    return calls;
  };
  expect(await cost(100)).toBe(await cost(1));
});
