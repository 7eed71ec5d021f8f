import { evaluate } from '../language/expressions/evaluate.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Step } from '../language/pipeline.ts';
import type { JobRecord, StepRecord } from '../store/jobs.ts';
import type { StepAnswer } from './environment.ts';
import { failureOf, minutesOf } from './settings.ts';

/** Every end says why; this one in a word. */
export const SUCCEEDED = 'Succeeded.';

export const SKIPPED_BY_CANCELLATION = 'Skipped: the run was cancelled.';

export const CLEANUP_IS_OVER = 'Skipped: the time for cleaning up after a cancelled run is over.';

/** A step at its beginning: executing, or failed already when what it says about itself cannot be evaluated. */
export function beginStep(step: Step, scope: Scope, now: number): StepRecord {
  const cleanup = scope.status?.cancelled === true ? { cleanup: true } : {};
  const minutes = minutesOf(step.timeoutMinutes, scope);
  if (!minutes.ok) return failStep(step, `The step cannot begin: ${minutes.message}.`, scope, now);
  const timeout = minutes.value === undefined ? {} : { timeoutSeconds: minutes.value * 60 };
  const begun: StepRecord = { status: 'executing', message: '', createdAt: now, ...cleanup, ...timeout };
  if (step.name.kind === 'literal') return begun;
  const name = evaluate(step.name, scope);
  if (!name.ok)
    return failStep(step, `The step cannot begin: its name could not be evaluated: ${name.message}`, scope, now);
  return { ...begun, name: typeof name.value === 'string' ? name.value : JSON.stringify(name.value) };
}

export function failStep(step: Step, message: string, scope: Scope, now: number): StepRecord {
  return { ...failureOf(message, step.continueOnError, scope), createdAt: now, completedAt: now };
}

export function skipStep(message: string, now: number): StepRecord {
  return { status: 'skipped', message, createdAt: now, completedAt: now };
}

/** The record of a step after its action answered. */
export function settleStep(step: Step, begun: StepRecord, answer: StepAnswer, scope: Scope, now: number): StepRecord {
  const { wait: _over, ...base } = begun;
  switch (answer.status) {
    case 'waiting':
      return { ...base, wait: { for: answer.for, until: answer.until, state: answer.state } };
    case 'succeeded':
      return { ...base, status: 'succeeded', message: SUCCEEDED, completedAt: now, outputs: answer.outputs };
    case 'failed': {
      const outputs = answer.outputs === undefined ? {} : { outputs: answer.outputs };
      const failure = failureOf(`${answer.code}: ${answer.message}`, step.continueOnError, scope);
      return { ...base, ...failure, completedAt: now, ...outputs };
    }
    case 'aborted':
      switch (answer.cause.kind) {
        case 'handover':
          return begun;
        case 'step-timeout':
          return {
            ...base,
            ...failureOf(`TIMEOUT: ${answer.cause.message}`, step.continueOnError, scope),
            completedAt: now,
          };
        case 'cancelled':
        case 'job-timeout':
          return { ...base, status: 'cancelled', message: answer.cause.message, completedAt: now };
      }
  }
}

export function withStep(record: JobRecord, step: Step, next: StepRecord, now: number): JobRecord {
  const steps = [...record.steps];
  while (steps.length < step.index) steps.push(undefined);
  steps[step.index] = next;
  return { ...record, steps, updatedAt: now };
}

/** The time (milliseconds since the epoch) at which a step in execution is over; undefined: it has no limit of its own. */
export function stepDeadline(record: StepRecord): number | undefined {
  return record.timeoutSeconds === undefined ? undefined : record.createdAt + record.timeoutSeconds * 1_000;
}
