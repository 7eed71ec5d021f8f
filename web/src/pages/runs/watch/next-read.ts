import type { PipelineStep } from '../../../api/types.ts';
import { wantsLines } from './log-pages.ts';
import { type Chosen, type Focus, failureOf, focusOf, isOver, logKey, type RunState, readKey } from './run-state.ts';

/** One request. */
export type RunRead =
  | { readonly what: 'run' | 'jobs' | 'ahead' }
  | { readonly what: 'job'; readonly job: string; readonly etag: string }
  | { readonly what: 'log'; readonly job: string; readonly step: number; readonly over: boolean };

/** The key in `RunState.failed`. */
export function keyOfRead(read: RunRead): string {
  if (read.what === 'job') return readKey('job', read.job);
  return read.what === 'log' ? readKey('log', read.job, read.step) : read.what;
}

/** What has to be read because it is missing or known to have changed, the most urgent first. */
export function missingReads(state: RunState, chosen: Chosen): readonly RunRead[] {
  const { run, jobs } = state;
  if (run === undefined) return [{ what: 'run' }];
  const place = run.waiting_for.run;
  const queued = run.status === 'queued' && place !== undefined;
  return [
    ...(jobs === undefined || (isOver(run) && !state.settled) ? [{ what: 'jobs' } as const] : []),
    ...(queued && state.ahead?.place !== place ? [{ what: 'ahead' } as const] : []),
    // A run is not over before its jobs are, and then it soon is.
    ...[focusOf(state, chosen), failureOf(state)].flatMap(focus =>
      focus === undefined ? [] : missingOf(state, focus),
    ),
  ];
}

function missingOf(state: RunState, { job, step }: Focus): readonly RunRead[] {
  const known = state.details.get(job.id);
  const changed = known?.etag !== job.etag && job.status !== 'pending';
  const log = step === undefined ? undefined : missingLog(state, job.id, step);
  return [
    ...(changed ? [{ what: 'job', job: job.id, etag: job.etag } as const] : []),
    ...(log === undefined ? [] : [log]),
  ];
}

function missingLog(state: RunState, job: string, step: PipelineStep): RunRead | undefined {
  const over = isOver(step);
  const log = state.logs.get(logKey(job, step.index));
  // Of one that goes on, the next lines come with the round.
  const wanted = over || log === undefined ? wantsLines(log, over) : log.next !== undefined;
  return wanted ? { what: 'log', job, step: step.index, over } : undefined;
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
