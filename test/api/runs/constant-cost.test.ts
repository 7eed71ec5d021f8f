import { expect, test } from 'vitest';
import { type LocalTable, openTable } from '../../../local/table/open-table.ts';
import type { Item, Table } from '../../../src/ports/table.ts';
import { handOn } from '../../../src/run/groups.ts';
import { claimRun, finishWrites } from '../../../src/store/run-writes.ts';
import { openWorld, smallPipeline, type World } from '../../kit/api-world.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

const PIPELINES = '/orgs/acme/apps/shop/pipelines';

/** Counts read units as DynamoDB does: 4 KiB each, half as much where a read need not be consistent. */
function metered(table: LocalTable): Table & { units(): number } {
  let units = 0;
  const pay = (items: readonly (Item | undefined)[], consistent: boolean | undefined) => {
    const bytes = items.reduce((sum, item) => sum + JSON.stringify(item ?? null).length, 0);
    units += Math.max(1, Math.ceil(bytes / 4_096)) * (consistent === true ? 1 : 0.5);
  };
  return {
    ...table,
    units: () => units,
    async get(key, options) {
      const item = await table.get(key, options);
      pay([item], options?.consistent);
      return item;
    },
    async getMany(keys, options) {
      const items = await table.getMany(keys, options);
      for (const item of items) pay([item], options?.consistent);
      return items;
    },
    async query(query) {
      const page = await table.query(query);
      pay(page.items, query.consistent);
      return page;
    },
  };
}

/** Read units of what callers do most, in an app with so many runs that are over. */
async function costs(finished: number): Promise<Readonly<Record<string, number>>> {
  const clock = createFakeClock();
  const local = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
  const table = metered(local);
  const world: World = await openWorld({ table }, local);
  const body = smallPipeline('pp', 'concurrency: { group: "g" }\n');
  await world.client({ method: 'POST', path: PIPELINES, headers: { 'content-type': 'application/x-yaml' }, body });
  for (let count = 0; count < finished; count += 1) {
    const run = await world.addRun({ pipeline: 'pp', inputs: {} });
    await world.endRun(run);
  }
  const start = () => world.client({ method: 'POST', path: `${PIPELINES}/pp/runs`, body: { inputs: {} } });
  const open = [(await start()).json.id, (await start()).json.id];
  const cost = async (call: () => Promise<unknown>): Promise<number> => {
    const before = table.units();
    await call();
    return table.units() - before;
  };
  const read = (query: string, path = `${PIPELINES}/pp/runs`) =>
    cost(async () => {
      const answer = await world.client({ path: `${path}?per_page=5${query}` });
      expect(answer.json.length).toBeGreaterThan(0);
      return answer;
    });
  const handOver = async () => {
    const path = { org: 'acme', app: 'shop', pipeline: 'pp', run: open[0] };
    const claimed = await claimRun(table, path, clock.now());
    if (claimed === undefined) throw new Error('the first run did not begin');
    const end = { status: 'succeeded' as const, message: '', completedAt: clock.now(), expiresAt: 4_000_000_000 };
    await table.writeInOrder(finishWrites(path, claimed.epoch, end));
    await handOn({ ...world, table, report: () => undefined }, claimed);
    expect(world.executions.started.map(({ name }) => name)).toContain(open[1]);
  };
  const found = {
    page: await read(''),
    'page of the org': await read('', '/orgs/acme/pipeline-runs'),
    'page of what is over': await read('&completed=true'),
    'page of what is not over': await read('&completed=false'),
    'page of what is not over in the org': await read('&completed=false', '/orgs/acme/pipeline-runs'),
    'page of what is queued': await read('&status=queued'),
    start: await cost(start),
    'hand-over': await cost(handOver),
  };
  await world.close();
  return found;
}

test('10,000 runs that are over cost no more than ten', async () => {
  const few = await costs(10);
  const many = await costs(10_000);
  // The page filter reads in steps of a hundred records, of which there have to be as many.
  const { 'page of what is over': ofFew, ...restOfFew } = few;
  const { 'page of what is over': ofMany, ...restOfMany } = many;
  expect(restOfMany).toEqual(restOfFew);
  expect(ofFew).toBeGreaterThan(0);
  expect(ofMany).toBeLessThan(50);
}, 300_000);
