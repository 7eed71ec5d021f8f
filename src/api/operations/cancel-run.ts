import { cancelRun as cancel } from '../../run/cancel-run.ts';
import { reportTo } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { checkIfMatch, renderRun } from '../render/index.ts';
import { NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';

/** A run that did not begin is over at once; one that executes is asked to end. Asking again changes nothing. */
export const cancelRun =
  (dependencies: ApiDependencies): Operation<'cancelRun'> =>
  async ({ request, loaded }) => {
    const { table } = dependencies;
    if (request.headers['if-match'] !== undefined) {
      const mismatch = checkIfMatch(request, await renderRun(table, loaded));
      if (mismatch !== undefined) return mismatch;
    }
    const cancelled = await cancel({ ...dependencies, report: reportTo(dependencies.log) }, loaded);
    if (cancelled === 'missing') return NOT_FOUND;
    return cancelled === 'over' ? refuse('RUN_IS_OVER', 'The run is over; there is nothing to cancel.') : NO_CONTENT;
  };
