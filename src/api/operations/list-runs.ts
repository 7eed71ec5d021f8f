import { Malformed } from '../../store/fields.ts';
import type { Listed } from '../../store/listed.ts';
import {
  cursorOfOpenRun,
  cursorOfRun,
  listOpenRuns,
  listRunsOfOrg,
  listRunsOfPipeline,
  type RunListOptions,
} from '../../store/run-lists.ts';
import { getRun, isOver, type RunRecord, type RunStatus } from '../../store/runs.ts';
import { type Listing, replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import { createNames } from '../names.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { createQueuePositions } from '../queue-positions.ts';
import { readableApps } from '../readable-apps.ts';
import { renderRun, withMore } from '../render/index.ts';
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
    const { table, log } = dependencies;
    const { org, app, pipeline } = call.loaded;
    const list = asksForOpen(call.query) ? listOpenRuns : listRunsOfPipeline;
    return replyList(dependencies, call, {
      read: readWithin(call.query, options => list(table, { org, app, pipeline }, options, reportUnreadable(log))),
      ...commonParts(dependencies, call.query, 'pipeline'),
    });
  };

export const listRunsInOrg =
  (dependencies: ApiDependencies): Operation<'listRunsInOrg'> =>
  call => {
    const { table, log } = dependencies;
    const { app, pipeline } = call.query;
    const { org } = call.params;
    const unreadable = reportUnreadable(log);
    const mayRead = readableApps(call.caller, 'runs.read', org);
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
          ? listOpenRuns(table, { org, ...(app === undefined ? {} : { apps: app }) }, options, unreadable, wanted)
          : listRunsOfOrg(table, org, options, wanted, unreadable),
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
  { table, log }: ApiDependencies,
  filters: Filters,
  list: 'pipeline' | 'org',
): Pick<Listing<RunRecord>, 'cursorOf' | 'keep' | 'keepsMost' | 'render'> {
  const { status, completed, env } = filters;
  const all = status === undefined && completed === undefined && env === undefined;
  const positions = createQueuePositions(table);
  const names = createNames({ table, log });
  const keep = (run: RunRecord) =>
    (status === undefined || status.includes(run.status)) &&
    (completed === undefined || completed === isOver(run.status)) &&
    (env === undefined || run.envIds.some(id => env.includes(id)));
  return {
    cursorOf: run => (asksForOpen(filters) ? cursorOfOpenRun(run) : cursorOfRun(run, list)),
    ...(all ? {} : { keep }),
    // What is open by the index mostly is.
    ...(asksForOpen(filters) && env === undefined && new Set(status).size !== 1 ? { keepsMost: true } : {}),
    async render(run) {
      try {
        const [entity, people] = await Promise.all([
          renderRun(table, run, positions),
          names([run.createdBy, run.runAs]),
        ]);
        return withMore(entity, { people }).text;
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        // Its parts go with a run that is deleted while the list is read.
        if ((await getRun(table, run)) !== undefined) reportUnreadable(log)(error);
        return undefined;
      }
    },
  };
}
