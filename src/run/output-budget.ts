import type { JsonObject } from '../json.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { StepAnswer } from './environment.ts';

/** Characters of JSON that the outputs of a job's steps may come to: they stay in memory until the job ends. */
const BUDGET = 8 * 1_024 * 1_024;

/** Outputs never change, so each is measured once. */
const sizes = new WeakMap<JsonObject, number>();

function sizeOf(outputs: JsonObject): number {
  let size = sizes.get(outputs);
  if (size === undefined) {
    size = JSON.stringify(outputs).length;
    sizes.set(outputs, size);
  }
  return size;
}

/** A step whose outputs go beyond what is left of its job's budget fails; it keeps none. */
export function withinBudget(record: JobRecord, answer: StepAnswer): StepAnswer {
  if (answer.status !== 'succeeded') return answer;
  const before = record.steps.reduce((sum, step) => sum + (step?.outputs === undefined ? 0 : sizeOf(step.outputs)), 0);
  if (before + sizeOf(answer.outputs) <= BUDGET) return answer;
  const message = `The outputs of this job's steps come to more than ${BUDGET} characters of JSON; keep less of them.`;
  return { status: 'failed', code: 'OUTPUTS_TOO_LARGE', message };
}
