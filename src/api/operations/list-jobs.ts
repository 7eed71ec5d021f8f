import { keptJobs } from '../../run/kept-jobs.ts';
import { listJobs as readJobs } from '../../store/jobs.ts';
import { isOver } from '../../store/runs.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { type JobView, jobViews, renderJob, statusOf } from '../render/index.ts';
import { definitionOfRun } from '../version.ts';

/** Every job of the definition in its order, those that did not begin too. */
export const listJobs =
  (dependencies: ApiDependencies): Operation<'listJobs'> =>
  async call => {
    const { loaded: run, query } = call;
    const [{ pipeline }, records] = await Promise.all([
      definitionOfRun(dependencies, run),
      readJobs(dependencies.table, run.run, false),
    ]);
    const views = jobViews(run, pipeline, records);
    const succeeded = [...records.values()].filter(record => record.status === 'succeeded');
    const kept =
      isOver(run.status) && run.status !== 'succeeded'
        ? keptJobs(pipeline, new Set(succeeded.map(({ index }) => index)))
        : undefined;
    const { status } = query;
    const wanted = status === undefined ? views : views.filter(view => status.includes(statusOf(view)));
    return replyList(dependencies, call, {
      async read(limit, after) {
        const rest = after === undefined ? wanted : wanted.filter(view => view.job.index > Number(after.index));
        const records = rest.slice(0, limit);
        const last = records.at(-1);
        return last === undefined || records.length === rest.length ? { records } : { records, next: cursorOf(last) };
      },
      cursorOf,
      render: view => renderJob(view, kept).text,
    });
  };

const cursorOf = (view: JobView) => ({ index: String(view.job.index) });
