import type { RunRecord } from '../store/runs.ts';
import type { Cancellation } from './environment.ts';
import { inMinutes } from './in-minutes.ts';
import { TIMES } from './times.ts';

/** Whether a run is being cancelled, why, and how far it is: on request, or because its time is over. */
export type Cancelling = {
  current(): Cancellation | undefined;
  /** The run's record was read again. */
  seen(run: RunRecord): void;
  /** True: something changed, so what is in flight has to be judged. */
  judge(now: number): boolean;
  /** When something changes by itself, in milliseconds since the epoch. */
  nextChange(): number;
};

export function createCancelling(run: RunRecord): Cancelling {
  const deadline = (run.executingAt ?? run.createdAt) + run.timeoutSeconds * 1_000;
  let since = run.cancellationRequestedAt;
  let message = since === undefined ? undefined : wordsOf(run);
  let current: Cancellation | undefined;
  return {
    current: () => current,
    seen(record) {
      if (since !== undefined || record.cancellationRequestedAt === undefined) return;
      since = record.cancellationRequestedAt;
      message = wordsOf(record);
    },
    judge(now) {
      if (since === undefined && now >= deadline) {
        since = deadline;
        message = `Cancelled: the run took longer than its time-out of ${inMinutes(run.timeoutSeconds)}.`;
      }
      if (since === undefined || message === undefined) return false;
      const final = now >= since + TIMES.cleanup;
      if (current?.final === final) return false;
      current = { message, final };
      return true;
    },
    nextChange: () => (since === undefined ? deadline : current?.final === true ? Infinity : since + TIMES.cleanup),
  };
}

const wordsOf = ({ cancellationReason }: RunRecord): string => cancellationReason ?? 'Cancelled on request.';
