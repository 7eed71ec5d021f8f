import type { Cursor, Item, Page, Table } from '../ports/table.ts';
import { text } from './fields.ts';
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
import { type RunRecord, runOfItem } from './runs.ts';

/** Newest first, of one pipeline. `from` and `to` are run ids: those are ordered by time. */
export async function listRunsOfPipeline(
  table: Table,
  path: PipelinePath,
  options: RunListOptions,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ pk: runsOf(path), consistent: true, ...queryOf(options) });
  return listed(page, page.items);
}

/** Newest first, of the whole org; `keep` judges by key before a record is read. */
export async function listRunsOfOrg(
  table: Table,
  org: string,
  options: RunListOptions,
  keep: (path: RunPath) => boolean,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ index: 'gsi1', pk: runsOfOrg(org), ...queryOf(options) });
  const wanted = page.items.filter(item => keep(pathOfKey(item)));
  const items: Item[] = [];
  for (let start = 0; start < wanted.length; start += 100) {
    const keys = wanted.slice(start, start + 100).map(item => ({ pk: item.pk, sk: item.sk }));
    items.push(...(await table.getMany(keys)).filter(item => item !== undefined));
  }
  return listed(page, items);
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

function listed(page: Page, items: readonly Item[]): Listed<RunRecord> {
  const records = items.map(runOfItem);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/**
 * Runs that are not over, newest first, of a pipeline or of an org: what is over is not even looked at. The index is a
 * moment behind the table, so whoever asks judges the records again.
 */
export async function listOpenRuns(
  table: Table,
  scope: PipelinePath | { readonly org: string; readonly pipeline?: undefined },
  options: RunListOptions,
  keep: (path: RunPath) => boolean = () => true,
): Promise<Listed<RunRecord>> {
  const { limit, from = '', to = '~', after } = options;
  const below = after?.run ?? '~';
  const upTo = [below, to].sort()[0] ?? to;
  const shards = Array.from({ length: OPEN_SHARDS }, (_, shard) => shard);
  const found = await Promise.all(
    shards.map(async shard => {
      if (scope.pipeline !== undefined) return newestOfShard(table, scope, shard, upTo, limit + 1);
      const paths: RunPath[] = [];
      for await (const path of openPathsOf(table, shard, `${scope.org}/`)) paths.push(path);
      return paths;
    }),
  );
  const paths = found
    .flat()
    .filter(path => path.run < below && path.run >= from && path.run <= to && keep(path))
    .sort((a, b) => (a.run < b.run ? 1 : -1));
  const page = paths.slice(0, limit);
  const items = page.length === 0 ? [] : await table.getMany(page.map(runKey), { consistent: true });
  const records = items.filter(item => item !== undefined).map(runOfItem);
  const last = page.at(-1);
  return last === undefined || paths.length <= limit ? { records } : { records, next: cursorOfOpenRun(last) };
}

export const cursorOfOpenRun = ({ run }: Pick<RunPath, 'run'>): Cursor => ({ run });

/** In the partition of a shard the runs of one pipeline lie together, by time. */
async function newestOfShard(
  table: Table,
  of: PipelinePath,
  shard: number,
  below: string,
  limit: number,
): Promise<readonly RunPath[]> {
  const prefix = `${of.org}/${of.app}/${of.pipeline}/`;
  const range = { from: prefix, to: `${prefix}${below}` };
  const page = await table.query({ index: 'gsi2', pk: openRuns(shard), ...range, reverse: true, limit });
  return page.items.map(item => runPathOfPosition(text(item, 'gsi2sk')));
}

/** Paths of runs that are not over; of one pipeline, of one app, or of all. */
export async function* openRunPaths(table: Table, of?: AppPath | PipelinePath): AsyncGenerator<RunPath> {
  const prefix = of === undefined ? undefined : `${of.org}/${of.app}/${'pipeline' in of ? `${of.pipeline}/` : ''}`;
  for (let shard = 0; shard < OPEN_SHARDS; shard += 1) yield* openPathsOf(table, shard, prefix);
}

async function* openPathsOf(table: Table, shard: number, prefix: string | undefined): AsyncGenerator<RunPath> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      index: 'gsi2',
      pk: openRuns(shard),
      limit: 500,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) yield runPathOfPosition(text(item, 'gsi2sk'));
    after = page.next;
  } while (after !== undefined);
}

function pathOfKey(item: Item): RunPath {
  const [org, app, pipeline] = item.pk.slice('RUNS#'.length).split('/');
  if (org === undefined || app === undefined || pipeline === undefined)
    throw new Error(`'${item.pk}' is no key of a run`);
  return { org, app, pipeline, run: item.sk };
}
