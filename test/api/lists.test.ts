import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/store/runs.ts';
import { openWorld, smallPipeline, type World } from '../kit/api-world.ts';

const RUNS = '/orgs/acme/apps/shop/pipelines/deploy/runs';
const ORG_RUNS = '/orgs/acme/pipeline-runs';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** So many runs, a second apart; the newest first, as lists show them. */
async function addRuns(count: number, more: Parameters<World['addRun']>[0] = {}): Promise<RunRecord[]> {
  const runs: RunRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    await world.clock.advance(1_000);
    runs.unshift(await world.addRun(more));
  }
  return runs;
}

const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(item => item.id);

/** The path of the next page; undefined: this was the last. */
const nextOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(headers.link ?? '')?.[1];

/** Follows the links from a first page to the last one. */
async function pagesOf(first: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const answer = await world.client({ path });
    expect(answer.status, answer.text).toBe(200);
    pages.push(idsOf(answer.json));
    path = nextOf(answer.headers);
  }
  return pages;
}

describe('pages', () => {
  test.each([
    [0, 2, [0]],
    [1, 2, [1]],
    [2, 2, [2]],
    [3, 2, [2, 1]],
    [4, 2, [2, 2]],
    [5, 1, [1, 1, 1, 1, 1]],
  ])('of %i runs, %i a page, have sizes %j', async (count, perPage, sizes) => {
    const runs = await addRuns(count);
    for (const list of [RUNS, ORG_RUNS]) {
      const pages = await pagesOf(`${list}?per_page=${perPage}`);
      expect(pages.map(page => page.length)).toEqual(sizes);
      expect(pages.flat()).toEqual(idsOf(runs.map(run => ({ id: run.run }))));
    }
  });

  test('hold 50 unless told otherwise, and 100 at the most', async () => {
    const runs = await addRuns(101);
    for (const list of [RUNS, ORG_RUNS]) {
      expect((await pagesOf(list)).map(page => page.length)).toEqual([50, 50, 1]);
      const pages = await pagesOf(`${list}?per_page=100`);
      expect(pages.map(page => page.length)).toEqual([100, 1]);
      expect(pages.flat()).toEqual(runs.map(run => run.run));
    }
  });

  test.each([RUNS, ORG_RUNS])('of %s stay as they are while runs are added', async list => {
    const runs = await addRuns(4);
    const first = await world.client({ path: `${list}?per_page=2` });
    await addRuns(3);
    const second = await world.client({ path: nextOf(first.headers) ?? '' });
    expect(idsOf([...first.json, ...second.json])).toEqual(runs.map(run => run.run));
    expect(nextOf(second.headers)).toBeUndefined();
  });

  test('go on with the same filters and page size', async () => {
    const runs = await addRuns(6);
    for (const [index, run] of runs.entries()) if (index % 2 === 0) await world.endRun(run, 'failed');
    const pages = await pagesOf(`${RUNS}?status=failed&status=cancelled&per_page=2`);
    expect(pages).toEqual([[runs[0]?.run, runs[2]?.run], [runs[4]?.run]]);
  });

  test('of pipelines and versions go on too', async () => {
    const yaml = { 'content-type': 'text/yaml' };
    const path = '/orgs/acme/apps/shop/pipelines';
    for (const id of ['p1', 'p2', 'p3']) {
      await world.clock.advance(1);
      await world.client({ method: 'POST', path, headers: yaml, body: smallPipeline(id) });
      const body = smallPipeline(id, 'metadata: {a: b}\n');
      await world.client({ method: 'PATCH', path: `${path}/${id}`, headers: yaml, body });
    }
    expect(await pagesOf(`${path}?per_page=2`)).toEqual([
      ['p3', 'p2'],
      ['p1', 'deploy'],
    ]);
    expect(await pagesOf('/orgs/acme/pipelines?per_page=3')).toEqual([['p3', 'p2', 'p1'], ['deploy']]);
    const versions = await pagesOf(`${path}/p1/versions?per_page=1`);
    expect(versions.map(page => page.length)).toEqual([1, 1]);
    const { json } = await world.client({ path: `${path}/p1` });
    expect(versions[0]).toEqual([json.version]);
  });
});

describe('a page token', () => {
  let next: string;
  beforeEach(async () => {
    await addRuns(3);
    next = nextOf((await world.client({ path: `${RUNS}?per_page=1&status=queued` })).headers) ?? '';
  });

  test('works again and again', async () => {
    const [first, second] = [await world.client({ path: next }), await world.client({ path: next })];
    expect(first.json).toHaveLength(1);
    expect(second.text).toBe(first.text);
  });

  test('does not care for the order of the parameters', async () => {
    const [path, query = ''] = next.split('?');
    const { status } = await world.client({ path: `${path}?${query.split('&').reverse().join('&')}` });
    expect(status).toBe(200);
  });

  test.each<[string, (path: string) => string, 'admin' | 'second']>([
    ['another caller', path => path, 'second'],
    ['another page size', path => path.replace('per_page=1', 'per_page=2'), 'admin'],
    ['another filter', path => path.replace('status=queued', 'status=failed'), 'admin'],
    ['one filter more', path => `${path}&completed=false`, 'admin'],
    ['no filter', path => path.replace('status=queued&', ''), 'admin'],
    ['another list', path => path.replace(RUNS, ORG_RUNS), 'admin'],
    ['another letter', path => path.replace(/.$/, last => (last === 'A' ? 'B' : 'A')), 'admin'],
    ['a letter less', path => path.slice(0, -2), 'admin'],
  ])('is refused for %s', async (_what, change, person) => {
    const path = change(next);
    const answer = await world.client({ path, token: world.tokens[person] });
    expect(answer.status, path).toBe(400);
    expect(answer.json.error).toBe('INVALID_PAGE_TOKEN');
  });

  test('tells nothing of the table', () => {
    const token = new URLSearchParams(next.split('?')[1]).get('page') ?? '';
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/RUNS|shop|deploy/);
  });
});

describe('filters of runs', () => {
  test.each<[string, (runs: readonly RunRecord[]) => readonly (RunRecord | undefined)[]]>([
    ['status=queued', ([a, b]) => [a, b]],
    ['status=succeeded', ([, , c]) => [c]],
    ['status=succeeded&status=failed', ([, , c, d]) => [c, d]],
    ['completed=true', ([, , c, d]) => [c, d]],
    ['completed=false', ([a, b]) => [a, b]],
    ['completed=false&status=failed', () => []],
    // The runs are from 00:00:04 (the newest) down to 00:00:01.
    ['created_after=2030-01-01T00:00:03Z', ([a, b]) => [a, b]],
    ['created_after=2030-01-01T00:00:03.001Z', ([a]) => [a]],
    ['created_before=2030-01-01T00:00:03Z', ([, , c, d]) => [c, d]],
    ['created_before=2030-01-01T01:00:03%2B01:00', ([, , c, d]) => [c, d]],
    ['created_after=2030-01-01T00:00:02Z&created_before=2030-01-01T00:00:04Z', ([, b, c]) => [b, c]],
    ['created_after=1900-01-01T00:00:00Z', runs => runs],
    ['created_before=1900-01-01T00:00:00Z', () => []],
    ['created_after=9999-01-01T00:00:00Z', () => []],
    ['created_after=2030-01-01T00:00:04Z&created_before=2030-01-01T00:00:01Z', () => []],
    ['created_after=2030-01-01T00:00:04Z&created_before=2030-01-01T00:00:04Z', () => []],
  ])('%s', async (filter, choose) => {
    const runs = await addRuns(4);
    const [, , c, d] = runs;
    if (c !== undefined) await world.endRun(c, 'succeeded');
    if (d !== undefined) await world.endRun(d, 'failed');
    for (const list of [RUNS, ORG_RUNS]) {
      const { json } = await world.client({ path: `${list}?${filter}` });
      expect(idsOf(json)).toEqual(choose(runs).map(run => run?.run));
    }
  });

  test('of an org choose apps and pipelines, and other orgs are never in it', async () => {
    const [shop] = await addRuns(1);
    const [blog] = await addRuns(1, { app: 'blog', pipeline: 'post' });
    await addRuns(1, { org: 'rival' });
    const ids = async (query: string) => idsOf((await world.client({ path: `${ORG_RUNS}${query}` })).json);
    expect(await ids('')).toEqual([blog?.run, shop?.run]);
    expect(await ids('?app=shop')).toEqual([shop?.run]);
    expect(await ids('?app=shop&app=blog')).toEqual([blog?.run, shop?.run]);
    expect(await ids('?pipeline=post')).toEqual([blog?.run]);
    expect(await ids('?app=shop&pipeline=post')).toEqual([]);
    expect(await ids('?app=none')).toEqual([]);
  });

  test('look through a thousand runs for one page, then leave the rest to the next', async () => {
    const [oldest] = await addRuns(1);
    await addRuns(1_050, { app: 'blog', pipeline: 'post' });
    const first = await world.client({ path: `${ORG_RUNS}?app=shop` });
    expect(first.json).toEqual([]);
    const second = await world.client({ path: nextOf(first.headers) ?? '' });
    expect(idsOf(second.json)).toEqual([oldest?.run]);
    expect(nextOf(second.headers)).toBeUndefined();
  });
});

describe('filters of pipelines', () => {
  test.each([
    ['/orgs/acme/pipelines', '', ['news', 'small', 'deploy']],
    ['/orgs/acme/pipelines', '?app=blog', ['news']],
    ['/orgs/acme/pipelines', '?app=blog&app=shop', ['news', 'small', 'deploy']],
    ['/orgs/acme/pipelines', '?app=none', []],
    ['/orgs/acme/pipelines', '?metadata[team]=web', ['deploy']],
    ['/orgs/acme/pipelines', '?metadata[team]=ops', ['news', 'small']],
    ['/orgs/acme/pipelines', '?metadata[team]=ops&metadata[tier]=1', ['small']],
    ['/orgs/acme/pipelines', '?metadata[team]=', []],
    ['/orgs/acme/pipelines', '?metadata[__proto__]=x', []],
    ['/orgs/acme/pipelines', '?trigger=pipeline_call', ['news', 'small', 'deploy']],
    ['/orgs/acme/pipelines', '?trigger=artefact', []],
    ['/orgs/acme/apps/shop/pipelines', '', ['small', 'deploy']],
    ['/orgs/acme/apps/shop/pipelines', '?metadata[team]=web', ['deploy']],
  ])('%s%s', async (list, query, ids) => {
    const yaml = { 'content-type': 'text/yaml' };
    for (const [app, id, tier] of [
      ['shop', 'small', '1'],
      ['blog', 'news', '2'],
    ]) {
      await world.clock.advance(1);
      const body = smallPipeline(id, `metadata: {team: ops, tier: "${tier}"}\n`);
      await world.client({ method: 'POST', path: `/orgs/acme/apps/${app}/pipelines`, headers: yaml, body });
    }
    expect(idsOf((await world.client({ path: `${list}${query}` })).json)).toEqual(ids);
  });
});

test('links and locations begin with the base URL when there is one', async () => {
  await world.close();
  world = await openWorld({ baseUrl: 'https://api.example' });
  await addRuns(2);
  const { headers } = await world.client({ path: `${RUNS}?per_page=1` });
  expect(nextOf(headers)).toMatch(
    /^https:\/\/api\.example\/orgs\/acme\/apps\/shop\/pipelines\/deploy\/runs\?per_page=1&page=/,
  );
  const started = await world.client({ method: 'POST', path: RUNS, body: { inputs: { version: '1' } } });
  expect(started.headers.location).toBe(`https://api.example${RUNS}/${started.json.id}`);
});

test('a page of runs with much in them ends early', async () => {
  const inputs = { version: 'a'.repeat(1_024 * 1_024) };
  const runs = await addRuns(6, { inputs });
  const pages = await pagesOf(RUNS);
  expect(pages.map(page => page.length)).toEqual([3, 3]);
  expect(pages.flat()).toEqual(runs.map(run => run.run));
});
