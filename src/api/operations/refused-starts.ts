import {
  cursorOfRefusedStart,
  getRefusedStart as findRefusedStart,
  listRefusedStarts as list,
  noteAttempt,
  type RefusedStart,
  readRefusedEvent,
} from '../../store/refused-starts.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import { problemOf } from '../on-event/problem.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderRefusedStart } from '../render/refused-start.ts';
import { isRefusal, NOT_FOUND, refuse } from '../reply.ts';

export const listRefusedStarts =
  (dependencies: ApiDependencies): Operation<'listRefusedStarts'> =>
  call => {
    const { org, app } = call.params;
    const { pipeline, status } = call.query;
    const filtered = pipeline ?? status;
    return replyList(dependencies, call, {
      read: (limit, after) => list(dependencies.table, { org, app }, limit, after, reportUnreadable(dependencies.log)),
      cursorOf: cursorOfRefusedStart,
      ...(filtered === undefined
        ? {}
        : {
            keep: (start: RefusedStart) =>
              (pipeline === undefined || pipeline.includes(start.pipeline)) &&
              (status === undefined || status === start.status),
          }),
      render: start => renderRefusedStart(start),
    });
  };

/** The event itself is not shown: it may hold what is a secret once it is an input. */
export const getRefusedStart =
  ({ table }: ApiDependencies): Operation<'getRefusedStart'> =>
  async ({ params }) => {
    const start = await findRefusedStart(table, params, params.refusedStart);
    return start === undefined ? NOT_FOUND : { status: 200, body: renderRefusedStart(start) };
  };

/** Whoever tries again needs the right to start runs; who the run acts as stays what the pipeline, or the org, says. */
export const retryRefusedStart =
  (dependencies: ApiDependencies): Operation<'retryRefusedStart'> =>
  async ({ params, audit }) => {
    const { table, clock } = dependencies;
    const [start, event] = await Promise.all([
      findRefusedStart(table, params, params.refusedStart),
      readRefusedEvent(table, params, params.refusedStart),
    ]);
    if (start === undefined || event === undefined) return NOT_FOUND;
    if (start.status === 'started') {
      return refuse('ALREADY_STARTED', `The event has started run ${start.run ?? 'of the pipeline'} since.`);
    }
    // What knows events is loaded when somebody tries again: a cold start does without.
    const { retryStart } = await import('../on-event/retry-start.ts');
    const outcome = await retryStart(dependencies, start, event);
    const attempt = isRefusal(outcome) ? problemOf(outcome) : { run: outcome.run ?? '' };
    const noted = await noteAttempt(table, start, attempt, clock.now());
    audit({
      event: start.eventId,
      ...(isRefusal(outcome) ? { refused: outcome.refused } : { run: outcome.run ?? '' }),
    });
    return noted === undefined ? NOT_FOUND : { status: 200, body: renderRefusedStart(noted) };
  };
