import type { GraphJob } from './graph-job.ts';

/** `1:02:03` or `2:03`: digits only change in place. Undefined: it has not begun. */
export function jobDuration({ status, startedAt, completedAt }: GraphJob, now: number): string | undefined {
  if (status === 'pending' || status === 'skipped' || startedAt === undefined) return undefined;
  const end = completedAt === undefined ? now : Date.parse(completedAt);
  const seconds = Math.max(0, Math.floor((end - Date.parse(startedAt)) / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
