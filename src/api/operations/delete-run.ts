import { deleteRun as removeRun } from '../../store/delete-run.ts';
import { isOver } from '../../store/runs.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { checkIfMatch, renderRun } from '../render/index.ts';
import { NO_CONTENT, refuse } from '../reply.ts';

/** The run goes with its jobs, logs and approvals. */
export const deleteRun =
  ({ table }: ApiDependencies): Operation<'deleteRun'> =>
  async ({ request, loaded }) => {
    if (request.headers['if-match'] !== undefined) {
      const mismatch = checkIfMatch(request, await renderRun(table, loaded));
      if (mismatch !== undefined) return mismatch;
    }
    if (!isOver(loaded.status)) {
      return refuse('RUN_IS_NOT_OVER', 'The run is not over; wait for it or cancel it, then delete it.');
    }
    await removeRun(table, loaded);
    return NO_CONTENT;
  };
