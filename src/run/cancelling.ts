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
  /** When this worker, before all others, saw that the run is to end; answered once. */
  begunAt(): number | undefined;
};

/**
 * The time for clean-up counts from when a worker first sees the cancellation: however late one comes, what is to run in
 * any case gets its time.
 */
export function createCancelling(run: RunRecord): Cancelling {
  const deadline = (run.executingAt ?? run.createdAt) + run.timeoutSeconds * 1_000;
  let message = reasonToEnd(run);
  let since = run.cleanupSince;
  let fresh: number | undefined;
  let current: Cancellation | undefined;
  return {
    current: () => current,
    seen(record) {
      message ??= reasonToEnd(record);
    },
    judge(now) {
      if (message === undefined && now >= deadline) message = timedOut(run);
      if (message === undefined) return false;
      if (since === undefined) {
        since = now;
        fresh = now;
      }
      const final = now >= since + TIMES.cleanup;
      if (current?.final === final) return false;
      current = { message, final };
      return true;
    },
    nextChange() {
      if (message === undefined) return deadline;
      if (since === undefined) return 0;
      return current?.final === true ? Infinity : since + TIMES.cleanup;
    },
    begunAt() {
      const begun = fresh;
      fresh = undefined;
      return begun;
    },
  };
}

/** Why a run is to end, as far as its record says so. */
export function reasonToEnd(run: RunRecord): string | undefined {
  if (run.cancellationRequestedAt !== undefined) return run.cancellationReason ?? 'Cancelled on request.';
  return run.cleanupSince === undefined ? undefined : timedOut(run);
}

const timedOut = ({ timeoutSeconds }: RunRecord): string =>
  `Cancelled: the run took longer than its time-out of ${inMinutes(timeoutSeconds)}.`;
