import { cursorOfPipeline, type PipelineRecord, listPipelines as readPipelines } from '../../store/pipelines.ts';
import { type Listing, replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readableApps } from '../readable-apps.ts';
import { renderPipeline } from '../render/pipeline.ts';

type Filters = {
  readonly app?: readonly string[];
  readonly trigger?: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

export const listPipelines =
  (dependencies: ApiDependencies): Operation<'listPipelines'> =>
  call =>
    replyList(dependencies, call, listing(dependencies, { org: call.params.org, app: call.params.app }, call.query));

export const listPipelinesInOrg =
  (dependencies: ApiDependencies): Operation<'listPipelinesInOrg'> =>
  call => {
    const { org } = call.params;
    const list = listing(dependencies, { org }, call.query);
    const mayRead = readableApps(call.caller, 'pipelines.read', org);
    if (mayRead === undefined) return replyList(dependencies, call, list);
    const { keep = () => true } = list;
    return replyList(dependencies, call, { ...list, keep: record => mayRead(record.app) && keep(record) });
  };

function listing(
  { table, log }: ApiDependencies,
  scope: { readonly org: string; readonly app?: string },
  filters: Filters,
): Listing<PipelineRecord> {
  const { app, trigger, metadata } = filters;
  const all = app === undefined && trigger === undefined && metadata === undefined;
  return {
    read: (limit, after) => readPipelines(table, scope, limit, after, reportUnreadable(log)),
    cursorOf: record => cursorOfPipeline(record, scope.app === undefined ? 'org' : 'app'),
    ...(all ? {} : { keep: record => matches(record, filters) }),
    render: record => renderPipeline(record).text,
  };
}

function matches(record: PipelineRecord, { app, trigger, metadata }: Filters): boolean {
  if (app !== undefined && !app.includes(record.app)) return false;
  if (trigger !== undefined && !record.triggers.includes(trigger)) return false;
  return Object.entries(metadata ?? {}).every(([key, value]) => record.metadata[key] === value);
}
