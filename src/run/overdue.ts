import { isOver, type RunRecord } from '../store/runs.ts';
import { TIMES } from './times.ts';

/** Seconds since a run that is among the open ones should have gone on by itself; 0: it is on its way, or waits its time. */
export function overdueBy(run: RunRecord, now: number): number {
  return Math.max(0, (now - dueAt(run)) / 1_000);
}

function dueAt(run: RunRecord): number {
  const { status, createdAt, completedAt, group, epoch, released, wakesAt } = run;
  // It is over, and who waits for that has not been told.
  if (isOver(status)) return completedAt ?? createdAt;
  if (status === 'queued') return group === undefined ? createdAt : createdAt + run.timeoutSeconds * 1_000;
  const parkedUntil = released === epoch && wakesAt !== undefined ? wakesAt : Infinity;
  return Math.min(parkedUntil, lastMoment(run));
}

/** When nothing of it may be at work any more: its time is over or it was cancelled, and the time to clean up is over too. */
function lastMoment({
  executingAt,
  createdAt,
  timeoutSeconds,
  cancellationRequestedAt,
  cleanupSince,
}: RunRecord): number {
  const end = (executingAt ?? createdAt) + timeoutSeconds * 1_000;
  return (cleanupSince ?? Math.min(end, cancellationRequestedAt ?? Infinity)) + TIMES.cleanup;
}
