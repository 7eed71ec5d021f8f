import type { Cursor, Item, Page, Table } from '../ports/table.ts';
import { fail, Malformed, readable, text, type Unreadable } from './fields.ts';
import {
  type AppPath,
  OPEN_SHARDS,
  openRuns,
  type PipelinePath,
  type RunPath,
  runKey,
  runPathOfPosition,
  runsOf,
  runsOfOrg,
} from './keys.ts';
import type { Listed } from './listed.ts';
import { getRun, isOver, type RunRecord, runOfItem } from './runs.ts';

/** Newest first, of one pipeline. `from` and `to` are run ids: those are ordered by time. */
export async function listRunsOfPipeline(
  table: Table,
  path: PipelinePath,
  options: RunListOptions,
  unreadable: Unreadable = fail,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ pk: runsOf(path), consistent: true, ...queryOf(options) });
  return listed(page, page.items, unreadable);
}

/** Newest first, of the whole org; `keep` judges by key before a record is read. */
export async function listRunsOfOrg(
  table: Table,
  org: string,
  options: RunListOptions,
  keep: (path: PipelinePath) => boolean,
  unreadable: Unreadable,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ index: 'gsi1', pk: runsOfOrg(org), ...queryOf(options) });
  const wanted = page.items.filter(item => keep(pathOfKey(item)));
  const items: Item[] = [];
  for (let start = 0; start < wanted.length; start += 100) {
    const keys = wanted.slice(start, start + 100).map(item => ({ pk: item.pk, sk: item.sk }));
    items.push(...(await table.getMany(keys)).filter(item => item !== undefined));
  }
  return listed(page, items, unreadable);
}

export type RunListOptions = {
  readonly limit: number;
  readonly after?: Cursor;
  readonly from?: string;
  readonly to?: string;
};

/** Where a list of runs goes on behind this one. */
export function cursorOfRun(run: RunPath, list: 'org' | 'pipeline'): Cursor {
  return list === 'org' ? { ...runKey(run), gsi1pk: runsOfOrg(run.org), gsi1sk: run.run } : runKey(run);
}

const queryOf = (options: RunListOptions) => ({ ...options, reverse: true });

function listed(page: Page, items: readonly Item[], unreadable: Unreadable): Listed<RunRecord> {
  const records = readAll(items, unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

const readAll = (items: readonly (Item | undefined)[], unreadable: Unreadable): readonly RunRecord[] =>
  items.flatMap(item => (item && readable(item, runOfItem, unreadable)) ?? []);

/** A pipeline, some apps of an org, or all of them. */
export type OpenScope = PipelinePath | { readonly org: string; readonly apps?: readonly string[] };

/**
 * Runs that are not over, newest first: what is over is not even looked at. In a partition of the index the runs of one
 * pipeline lie together, by time, so a page is the newest of each of them, merged. The index is a moment behind the
 * table, so whoever asks judges the records again. `keep`: whether runs of a pipeline are wanted at all.
 */
export async function listOpenRuns(
  table: Table,
  scope: OpenScope,
  options: RunListOptions,
  unreadable: Unreadable,
  keep: (path: PipelinePath) => boolean = () => true,
): Promise<Listed<RunRecord>> {
  const { limit, from = '', to = '~', after } = options;
  const below = after?.run ?? '~';
  const [upTo = to] = [below, to].sort();
  const newest = (shard: number) => (of: PipelinePath) => newestOfShard(table, of, shard, { from, upTo }, limit + 1);
  const shards = Array.from({ length: OPEN_SHARDS }, (_, shard) => shard);
  const found = await Promise.all(
    shards.map(async shard => {
      if ('pipeline' in scope) return newest(shard)(scope);
      const { org, apps } = scope;
      const prefixes = apps === undefined ? [`${org}/`] : [...new Set(apps)].map(app => `${org}/${app}/`);
      const pipelines = await Promise.all(prefixes.map(prefix => pipelinesInShard(table, shard, prefix, unreadable)));
      return (await Promise.all(pipelines.flat().filter(keep).map(newest(shard)))).flat();
    }),
  );
  const paths = found
    .flat()
    .filter(path => path.run < below)
    .sort((a, b) => (a.run < b.run ? 1 : -1));
  const page = paths.slice(0, limit);
  const items: (Item | undefined)[] = [];
  for (let start = 0; start < page.length; start += 100) {
    items.push(...(await table.getMany(page.slice(start, start + 100).map(runKey), { consistent: true })));
  }
  const records = readAll(items, unreadable);
  const last = page.at(-1);
  return last === undefined || paths.length <= limit ? { records } : { records, next: cursorOfOpenRun(last) };
}

export const cursorOfOpenRun = ({ run }: Pick<RunPath, 'run'>): Cursor => ({ run });

async function newestOfShard(
  table: Table,
  of: PipelinePath,
  shard: number,
  { from, upTo }: { readonly from: string; readonly upTo: string },
  limit: number,
): Promise<readonly RunPath[]> {
  if (from > upTo) return [];
  const prefix = `${of.org}/${of.app}/${of.pipeline}/`;
  const range = { from: `${prefix}${from}`, to: `${prefix}${upTo}` };
  const page = await table.query({ index: 'gsi2', pk: openRuns(shard), ...range, reverse: true, limit });
  return page.items.flatMap(item => runPathOfPosition(text(item, 'gsi2sk')) ?? []);
}

/** Pipelines that have open runs in a shard: from one to the next, without a look at their other runs. */
async function pipelinesInShard(
  table: Table,
  shard: number,
  prefix: string,
  unreadable: Unreadable,
): Promise<readonly PipelinePath[]> {
  const found: PipelinePath[] = [];
  let to = `${prefix}~`;
  let after: Cursor | undefined;
  for (;;) {
    const page: Page = await table.query({
      index: 'gsi2',
      pk: openRuns(shard),
      from: prefix,
      to,
      reverse: true,
      limit: 1,
      ...(after === undefined ? {} : { after }),
    });
    const [last] = page.items;
    if (last === undefined) return found;
    const path = runPathOfPosition(text(last, 'gsi2sk'));
    if (path === undefined) {
      unreadable(noPosition(last));
      if (page.next === undefined) return found;
      after = page.next;
      continue;
    }
    found.push(path);
    after = undefined;
    to = `${path.org}/${path.app}/${path.pipeline}/`;
  }
}

/** Paths of runs that are not over; of one pipeline, of one app, or of all. */
export async function* openRunPaths(
  table: Table,
  of?: AppPath | PipelinePath,
  unreadable: Unreadable = fail,
): AsyncGenerator<RunPath> {
  const prefix = of === undefined ? undefined : `${of.org}/${of.app}/${'pipeline' in of ? `${of.pipeline}/` : ''}`;
  for (let shard = 0; shard < OPEN_SHARDS; shard += 1) {
    for await (const item of openItems(table, shard, prefix)) {
      const path = runPathOfPosition(text(item, 'gsi2sk'));
      if (path !== undefined) yield path;
      else unreadable(noPosition(item));
    }
  }
}

/** One of those, or undefined. A run whose end is still being told is in the index, and over. */
export async function anyOpenRun(table: Table, of: AppPath | PipelinePath): Promise<string | undefined> {
  for await (const path of openRunPaths(table, of)) {
    const run = await getRun(table, path);
    if (run !== undefined && !isOver(run.status)) return path.run;
  }
  return undefined;
}

const noPosition = ({ pk, sk, gsi2sk }: Item): Malformed =>
  new Malformed(`item ${pk} / ${sk}: '${String(gsi2sk)}' is no position of an open run`);

async function* openItems(table: Table, shard: number, prefix: string | undefined): AsyncGenerator<Item> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      index: 'gsi2',
      pk: openRuns(shard),
      limit: 500,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

function pathOfKey(item: Item): RunPath {
  const [org, app, pipeline] = item.pk.slice('RUNS#'.length).split('/');
  if (org === undefined || app === undefined || pipeline === undefined)
    throw new Error(`'${item.pk}' is no key of a run`);
  return { org, app, pipeline, run: item.sk };
}
