import { wantsLines } from './log-pages.ts';
import { type Chosen, type Focus, failureOf, focusOf, isOver, logKey, type RunState } from './run-state.ts';

/** One request. */
export type RunRead =
  | { readonly what: 'run' | 'jobs' | 'ahead' }
  | { readonly what: 'job'; readonly job: string; readonly etag: string }
  | { readonly what: 'log'; readonly job: string; readonly step: number; readonly over: boolean };

/** What has to be read because it is missing or known to have changed. Undefined: nothing. */
export function missingRead(state: RunState, chosen: Chosen): RunRead | undefined {
  const { run, jobs } = state;
  if (run === undefined) return { what: 'run' };
  if (jobs === undefined || (isOver(run) && !state.settled)) return { what: 'jobs' };
  const place = run.waiting_for.run;
  if (run.status === 'queued' && place !== undefined && state.ahead?.place !== place) return { what: 'ahead' };
  // A run is not over before its jobs are, and then it soon is.
  for (const focus of [focusOf(state, chosen), failureOf(state)]) {
    const read = focus === undefined ? undefined : missingOf(state, focus);
    if (read !== undefined) return read;
  }
  return undefined;
}

function missingOf(state: RunState, { job, step }: Focus): RunRead | undefined {
  const known = state.details.get(job.id);
  if (known?.etag !== job.etag && job.status !== 'pending') return { what: 'job', job: job.id, etag: job.etag };
  if (step === undefined) return undefined;
  const over = isOver(step);
  const log = state.logs.get(logKey(job.id, step.index));
  // Of one that goes on, the next lines come with the round.
  const wanted = over || log === undefined ? wantsLines(log, over) : log.next !== undefined;
  return wanted ? { what: 'log', job: job.id, step: step.index, over } : undefined;
}

/** What a run that is not over is asked for again and again, one after the other. */
export function roundOf(state: RunState, chosen: Chosen): readonly RunRead[] {
  if (state.run?.status === 'queued') return [{ what: 'run' }];
  const focus = focusOf(state, chosen);
  const open = focus?.step !== undefined && !isOver(focus.step) && focus.job.waiting_for === undefined;
  return [
    { what: 'jobs' },
    ...(open ? [{ what: 'log', job: focus.job.id, step: focus.step.index, over: false } as const] : []),
    { what: 'run' },
  ];
}
