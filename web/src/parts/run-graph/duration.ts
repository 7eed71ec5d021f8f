import { durationText } from '../../ui/time-words.ts';
import type { GraphJob } from './graph-job.ts';

/** As everywhere on the page. Undefined: it has not begun. */
export function jobDuration({ status, startedAt, completedAt }: GraphJob, now: number): string | undefined {
  if (status === 'pending' || status === 'skipped' || startedAt === undefined) return undefined;
  const end = completedAt === undefined ? now : Date.parse(completedAt);
  return durationText(end - Date.parse(startedAt));
}
