import { type PipelinePath, deletePipeline as removePipeline } from '../../store/pipelines.ts';
import { anyOpenRun, listRunsOfPipeline } from '../../store/run-lists.ts';
import { isOver } from '../../store/runs.ts';
import { endVersions } from '../../store/versions.ts';
import { leavePipeline } from '../leave-pipeline.ts';
import { describeError } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { checkIfMatch, renderPipeline } from '../render/index.ts';
import { NO_CONTENT, refuse } from '../reply.ts';

const SECONDS_PER_DAY = 86_400;

export const deletePipeline =
  (dependencies: ApiDependencies): Operation<'deletePipeline'> =>
  async ({ request, loaded }) => {
    const { table, clock, log, retentionDays } = dependencies;
    const mismatch = checkIfMatch(request, renderPipeline(loaded));
    if (mismatch !== undefined) return mismatch;
    const open = await findOpenRun(dependencies, loaded);
    if (open !== undefined) {
      return refuse('PIPELINE_HAS_OPEN_RUNS', `Run ${open} of this pipeline is not over; wait for it or cancel it.`);
    }
    if (!(await removePipeline(table, loaded))) {
      return refuse('CHANGED_MEANWHILE', 'Another request changed or deleted the pipeline at the same time.');
    }
    // Its runs read their version as long as they are kept; one day more, because an end of days is never exact.
    const end = Math.ceil(clock.now() / 1_000) + (retentionDays + 1) * SECONDS_PER_DAY;
    try {
      await endVersions(table, loaded, end);
      await leavePipeline(table, loaded);
    } catch (error) {
      // The pipeline is gone, which is what was asked for; what stays costs space and nothing else.
      const { requestId } = request;
      log({
        level: 'warning',
        message: 'versions or criteria of a deleted pipeline stay',
        requestId,
        ...describeError(error),
      });
    }
    return NO_CONTENT;
  };

/** The newest runs are read from the table itself: a run that was started just now may not be in the index yet. */
async function findOpenRun({ table }: ApiDependencies, path: PipelinePath): Promise<string | undefined> {
  const newest = await listRunsOfPipeline(table, path, { limit: 25 });
  const open = newest.records.find(run => !isOver(run.status));
  return open?.run ?? anyOpenRun(table, path);
}
