import type { Retry, Step } from '../language/pipeline.ts';
import type { StepRecord } from '../store/jobs.ts';
import type { StepAnswer } from './environment.ts';
import { stepDeadline } from './step-record.ts';

/** Milliseconds: the longest that anything of a run may take. */
const LONGEST_DELAY = 43_200 * 60_000;

/** What the platform says before the action was called at all: the next time it would say the same. */
const LASTING = new Set(['INVALID_INPUTS', 'UNKNOWN_ACTION', 'FORBIDDEN', 'OUTPUTS_TOO_LARGE']);

/** What comes after an attempt. `line`: for the step's log; undefined: the step has no further attempts to speak of. */
export type AfterAttempt = {
  readonly line?: string;
  /** Milliseconds since the epoch at which the next attempt begins. */
  readonly again?: number;
};

export const attemptOf = (record: StepRecord): number => record.attempt ?? 1;

/** Milliseconds between an attempt (from 1) and the next one. */
export function delayAfter(retry: Retry, attempt: number): number {
  return Math.min(retry.delaySeconds * 1_000 * retry.backoff ** (attempt - 1), LONGEST_DELAY);
}

/** Whether a step is tried again. Not if its time-out, or the end of what is in `ends`, would come first. */
export function afterAttempt(
  step: Step,
  record: StepRecord,
  answer: StepAnswer,
  now: number,
  ends: Readonly<Record<string, number>> = {},
): AfterAttempt {
  const { retry } = step;
  if (retry === undefined || retry.maxAttempts === 1 || answer.status === 'waiting') return {};
  const attempt = attemptOf(record);
  const which = `Attempt ${attempt} of ${retry.maxAttempts}`;
  if (answer.status === 'succeeded') return { line: `${which} succeeded.` };
  if (answer.status === 'aborted') {
    return answer.cause.kind === 'handover' ? {} : { line: `${which} was cut off: ${answer.cause.message}` };
  }
  const failed = `${which} failed with ${answer.code}: ${answer.message}`;
  if (attempt >= retry.maxAttempts) return { line: `${failed} It was the last one.` };
  if (LASTING.has(answer.code)) return { line: `${failed} Another attempt would not help.` };
  if (retry.on?.includes(answer.code) === false) {
    return { line: `${failed} There is no other one: \`retry.on\` does not name this code.` };
  }
  const at = Math.ceil(now + delayAfter(retry, attempt));
  const deadline = stepDeadline(record);
  for (const [what, end] of Object.entries({ ...(deadline === undefined ? {} : { step: deadline }), ...ends })) {
    if (at >= end) return { line: `${failed} There is no other one: the time-out of the ${what} would come first.` };
  }
  return { line: `${failed} Attempt ${attempt + 1} follows at ${rfc3339(at)}.`, again: at };
}

/** The record of a step that waits for its next attempt. */
export function waitForAttempt(retry: Retry, record: StepRecord, at: number): StepRecord {
  const next = attemptOf(record) + 1;
  return {
    ...record,
    attempt: next,
    wait: { for: `retry(attempt ${next} of ${retry.maxAttempts}, ${rfc3339(at)})`, until: at, state: {}, retry: true },
  };
}

/** Whether the pause before the next attempt goes on. */
export function inPause(record: StepRecord, now: number): boolean {
  const { wait } = record;
  return wait?.retry === true && now < Math.min(wait.until, stepDeadline(record) ?? Infinity);
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
