import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import type { Table } from '../../../src/ports/table.ts';
import { openWorld, smallPipeline, type World } from '../../kit/api-world.ts';

const PIPELINES = '/orgs/acme/apps/shop/pipelines';
const LISTS = { pipeline: `${PIPELINES}/deploy/runs`, org: '/orgs/acme/pipeline-runs' } as const;

let world: World;
/** Runs of `deploy` that are not over, newest first. */
let open: string[];
let second: number;

beforeEach(async () => {
  world = await openWorld();
  const headers = { 'content-type': 'application/x-yaml' };
  await world.client({ method: 'POST', path: PIPELINES, headers, body: smallPipeline('other') });
  open = [];
  second = 0;
  for (let count = 0; count < 30; count += 1) await add(count % 3 === 0);
});
afterEach(() => world.close());

async function add(over: boolean): Promise<void> {
  await world.clock.advance(1_000);
  second += 1;
  const run = await world.addRun({ envIds: second % 2 === 0 ? ['even'] : ['odd', 'third'] });
  if (over) await world.endRun(run);
  else open.unshift(run.run);
}

/** Ids on all pages; `between`: what happens while somebody turns the page. */
async function pages(path: string, between: () => Promise<void> = async () => undefined): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, json, headers } = await world.client({ path: next });
    expect(status).toBe(200);
    ids.push(...json.map((run: { id: string }) => run.id));
    next = /<(.+)>; rel="next"/.exec(headers.link ?? '')?.[1];
    await between();
  }
  return ids;
}

test.each(Object.entries(LISTS))('runs that are not over, of the %s, in pages', async (_of, path) => {
  expect(await pages(`${path}?completed=false&per_page=7`)).toEqual(open);
  expect(await pages(`${path}?status=queued&status=executing&per_page=20`)).toEqual(open);
  expect(await pages(`${path}?status=executing`)).toEqual([]);
});

test.each(Object.entries(LISTS))('pages of the %s stay while runs are being added', async (_of, path) => {
  const before = [...open];
  expect(await pages(`${path}?completed=false&per_page=7`, () => add(false))).toEqual(before);
});

test.each(Object.entries(LISTS))('a span of time, of the %s', async (_of, path) => {
  const at = (seconds: number) => encodeURIComponent(new Date(Date.UTC(2030, 0, 1) + seconds * 1_000).toISOString());
  const span = `created_after=${at(11)}&created_before=${at(21)}&per_page=3`;
  const all = await pages(`${path}?${span}`);
  expect(all).toHaveLength(10);
  expect(await pages(`${path}?completed=false&${span}`)).toEqual(all.filter(id => open.includes(id)));
});

test.each(Object.entries(LISTS))('an environment, of the %s', async (_of, path) => {
  const even = await pages(`${path}?env=even&per_page=4`);
  expect(even).toHaveLength(15);
  expect(await pages(`${path}?env=odd&env=even`)).toHaveLength(30);
  expect(await pages(`${path}?env=none`)).toEqual([]);
  expect(await pages(`${path}?completed=false&env=even`)).toEqual(even.filter(id => open.includes(id)));
});

test('another pipeline is not in the list', async () => {
  const other = await world.addRun({ pipeline: 'other', inputs: {} });
  expect(await pages(`${PIPELINES}/other/runs?completed=false`)).toEqual([other.run]);
  expect(await pages(`${LISTS.pipeline}?completed=false`)).toEqual(open);
  expect(await pages(`${LISTS.org}?completed=false&pipeline=other`)).toEqual([other.run]);
});

test('a page of the org reads what it shows, not all that is open', async () => {
  const read = async (count: number, path: string) => {
    const { world: other, items } = await countedWorld();
    for (let run = 0; run < count; run += 1) await other.addRun();
    await other.addRun({ app: 'blog' });
    items.length = 0;
    expect((await other.client({ path })).status).toBe(200);
    const total = items.reduce((sum, size) => sum + size, 0);
    await other.close();
    return total;
  };
  const page = `${LISTS.org}?completed=false&per_page=2`;
  expect(await read(800, page)).toBe(await read(200, page));
  expect(await read(200, `${page}&app=blog`)).toBeLessThan(10);
});

async function countedWorld(): Promise<{ readonly world: World; readonly items: number[] }> {
  const local = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  const items: number[] = [];
  const table: Table = {
    ...local,
    async query(query) {
      const page = await local.query(query);
      if (query.index === 'gsi2') items.push(page.items.length);
      return page;
    },
  };
  return { world: await openWorld({ table }, local), items };
}
