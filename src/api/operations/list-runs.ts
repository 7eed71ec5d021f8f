import type { Listed } from '../../store/listed.ts';
import {
  cursorOfOpenRun,
  cursorOfRun,
  listOpenRuns,
  listRunsOfOrg,
  listRunsOfPipeline,
  type RunListOptions,
} from '../../store/run-lists.ts';
import { isOver, type RunRecord, type RunStatus } from '../../store/runs.ts';
import { type Listing, replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { createQueuePositions } from '../queue-positions.ts';
import { readableApps } from '../readable-apps.ts';
import { renderRun } from '../render/index.ts';
import { firstIdAt } from '../time.ts';

type Filters = {
  readonly status?: readonly RunStatus[];
  readonly completed?: boolean;
  readonly env?: readonly string[];
  readonly created_after?: number;
  readonly created_before?: number;
};

export const listRuns =
  (dependencies: ApiDependencies): Operation<'listRuns'> =>
  call => {
    const { table } = dependencies;
    const list = asksForOpen(call.query) ? listOpenRuns : listRunsOfPipeline;
    return replyList(dependencies, call, {
      read: readWithin(call.query, options => list(table, call.loaded, options)),
      ...commonParts(dependencies, call.query, 'pipeline'),
    });
  };

export const listRunsInOrg =
  (dependencies: ApiDependencies): Operation<'listRunsInOrg'> =>
  call => {
    const { app, pipeline } = call.query;
    const mayRead = readableApps(call.caller, 'runs.read', call.params.org);
    const parts = commonParts(dependencies, call.query, 'org');
    // Which runs are wanted at all is judged by their keys, before a record is read.
    const wanted = (run: { readonly app: string; readonly pipeline: string }) =>
      (app === undefined || app.includes(run.app)) &&
      (pipeline === undefined || pipeline.includes(run.pipeline)) &&
      (mayRead === undefined || mayRead(run.app));
    const filtered = app !== undefined || pipeline !== undefined || mayRead !== undefined;
    return replyList(dependencies, call, {
      read: readWithin(call.query, options =>
        asksForOpen(call.query)
          ? listOpenRuns(dependencies.table, { org: call.params.org }, options, wanted)
          : listRunsOfOrg(dependencies.table, call.params.org, options, wanted),
      ),
      ...parts,
      ...(filtered && parts.keep === undefined ? { keep: () => true } : {}),
    });
  };

/** Runs that are not over have an index of their own, so that those that are cost nothing. */
const asksForOpen = ({ status, completed }: Filters): boolean =>
  completed === false || status?.every(one => !isOver(one)) === true;

/** Ids of runs are ordered by time, so a span of time is a range of keys. DynamoDB refuses one that ends before it begins. */
function readWithin(
  { created_after, created_before }: Filters,
  read: (options: RunListOptions) => Promise<Listed<RunRecord>>,
): Listing<RunRecord>['read'] {
  const from = created_after === undefined ? {} : { from: firstIdAt(created_after) };
  const to = created_before === undefined ? {} : { to: firstIdAt(created_before) };
  if (created_after !== undefined && created_before !== undefined && created_after >= created_before) {
    return async () => ({ records: [] });
  }
  return (limit, after) => read({ limit, ...from, ...to, ...(after === undefined ? {} : { after }) });
}

function commonParts(
  { table }: ApiDependencies,
  filters: Filters,
  list: 'pipeline' | 'org',
): Pick<Listing<RunRecord>, 'cursorOf' | 'keep' | 'render'> {
  const { status, completed, env } = filters;
  const all = status === undefined && completed === undefined && env === undefined;
  const positions = createQueuePositions(table);
  const keep = (run: RunRecord) =>
    (status === undefined || status.includes(run.status)) &&
    (completed === undefined || completed === isOver(run.status)) &&
    (env === undefined || run.envIds.some(id => env.includes(id)));
  return {
    cursorOf: run => (asksForOpen(filters) ? cursorOfOpenRun(run) : cursorOfRun(run, list)),
    ...(all ? {} : { keep }),
    render: async run => (await renderRun(table, run, positions)).text,
  };
}
