import type { Json, JsonObject } from '../json.ts';
import { evaluate } from '../language/expressions/evaluate.ts';
import type { Scope, Template } from '../language/expressions/template.ts';
import type { Job } from '../language/pipeline.ts';
import type { JobRecord, StepRecord } from '../store/jobs.ts';
import type { Settlement } from './scheduler.ts';
import { failureOf, minutesOf } from './settings.ts';
import { SKIPPED_BY_CANCELLATION, SUCCEEDED } from './step-record.ts';

/** Characters of JSON: what the outputs of one job, or of a run, may come to. */
const OUTPUTS_LIMIT = 256 * 1_024;

/** A job at its beginning: executing, or failed already. `cleanup`: the run was cancelled before. `refused`: why it may not begin. */
export function beginJob(job: Job, scope: Scope, now: number, cleanup: boolean, refused?: string): JobRecord {
  const begun: JobRecord = {
    index: job.index,
    status: 'executing',
    message: '',
    createdAt: now,
    updatedAt: now,
    ...(cleanup ? { cleanup } : {}),
    steps: [],
  };
  if (refused !== undefined) {
    return { ...begun, ...failureOf(`FORBIDDEN: ${refused}`, job.continueOnError, scope), completedAt: now };
  }
  const minutes = minutesOf(job.timeoutMinutes, scope);
  if (!minutes.ok) {
    const failure = failureOf(`The job cannot begin: ${minutes.message}.`, job.continueOnError, scope);
    return { ...begun, ...failure, completedAt: now };
  }
  return minutes.value === undefined ? begun : { ...begun, timeoutSeconds: minutes.value * 60 };
}

/** A job that ended without having begun. */
export function settledJob({ job, status, message, continued }: Settlement, now: number): JobRecord {
  return {
    index: job.index,
    status,
    message,
    createdAt: now,
    updatedAt: now,
    completedAt: now,
    ...(continued === true ? { continued } : {}),
    steps: [],
  };
}

/** The end of a job all of whose steps have ended. `cancelled`: why the run is being cancelled, if it is. `refused`: why there are no outputs. */
export function endJob(
  job: Job,
  record: JobRecord,
  scope: Scope,
  cancelled: string | undefined,
  now: number,
  refused?: string,
): JobRecord {
  const outputs = evaluateOutputs(job.outputs, scope, refused);
  const ended = {
    ...record,
    completedAt: now,
    updatedAt: now,
    // Nobody reads the outputs of a step once its job is over.
    steps: record.steps.map(withoutOutputs),
    ...(outputs.value === undefined ? {} : { outputs: outputs.value }),
  };
  const failed = record.steps.findIndex(step => step?.status === 'failed' && step.continued !== true);
  const cut = record.steps.find(step => step?.status === 'cancelled');
  const short = cut !== undefined || record.steps.some(step => step?.message === SKIPPED_BY_CANCELLATION);
  if (failed < 0 && short && cancelled !== undefined) return { ...ended, status: 'cancelled', message: cancelled };
  const reason =
    failed >= 0
      ? `Step ${labelOf(job, record, failed)} failed: ${record.steps[failed]?.message ?? ''}`
      : (cut?.message ?? outputs.problem);
  if (reason === undefined) return { ...ended, status: 'succeeded', message: SUCCEEDED };
  return { ...ended, ...failureOf(reason, job.continueOnError, scope) };
}

/** The time (milliseconds since the epoch) at which a job in execution is over. */
export function jobDeadline(record: JobRecord): number | undefined {
  return record.timeoutSeconds === undefined ? undefined : record.createdAt + record.timeoutSeconds * 1_000;
}

/** Values of `outputs`, of a job or of the run. No value and no problem: none are declared. `refused`: why they may not be made. */
export function evaluateOutputs(
  templates: Readonly<Record<string, Template>>,
  scope: Scope,
  refused?: string,
): { readonly value?: JsonObject; readonly problem?: string } {
  if (refused !== undefined) return { problem: `FORBIDDEN: ${refused}` };
  const entries: [string, Json][] = [];
  for (const [name, template] of Object.entries(templates)) {
    const evaluated = evaluate(template, scope);
    if (!evaluated.ok) return { problem: `Output '${name}' could not be evaluated: ${evaluated.message}` };
    entries.push([name, evaluated.value]);
  }
  if (entries.length === 0) return {};
  const value = Object.fromEntries(entries);
  const size = JSON.stringify(value).length;
  if (size <= OUTPUTS_LIMIT) return { value };
  return { problem: `The outputs come to ${size} characters of JSON; at most ${OUTPUTS_LIMIT} are allowed.` };
}

function withoutOutputs(step: StepRecord | undefined): StepRecord | undefined {
  if (step?.outputs === undefined) return step;
  const { outputs: _dropped, ...rest } = step;
  return rest;
}

function labelOf(job: Job, record: JobRecord, index: number): string {
  const step = job.steps[index];
  if (step?.id !== undefined) return `'${step.id}'`;
  const name = record.steps[index]?.name ?? (step?.name.kind === 'literal' ? String(step.name.value) : undefined);
  return name === undefined ? `${index + 1}` : `${index + 1} (${name})`;
}
