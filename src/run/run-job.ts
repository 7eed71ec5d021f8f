import type { JsonObject } from '../json.ts';
import { evaluateCondition } from '../language/expressions/evaluate.ts';
import type { Scope, Template } from '../language/expressions/template.ts';
import type { Job, Step } from '../language/pipeline.ts';
import { hasEnded, type JobRecord, type StepRecord } from '../store/jobs.ts';
import type { LogLine } from '../store/logs.ts';
import { jobsContext, stepsContext } from './contexts.ts';
import type { JobRun, RunEnvironment } from './environment.ts';
import { countedCode, NOT_BEGUN } from './failure-code.ts';
import { beginJob, endJob, jobDeadline } from './job-record.ts';
import { maskAnswer, maskJob, maskStep } from './mask.ts';
import { withinBudget } from './output-budget.ts';
import { createRelated } from './related.ts';
import { afterAttempt, inPause, waitForAttempt } from './retry.ts';
import { runStep } from './run-step.ts';
import type { SecretView } from './secret-views.ts';
import { stepId } from './step-call.ts';
import {
  beginStep,
  CLEANUP_IS_OVER,
  failStep,
  SKIPPED_BY_CANCELLATION,
  settleStep,
  skipStep,
  stepDeadline,
  withStep,
} from './step-record.ts';

/** `waiting`: a step waits for a time or a signal. `stopped`: this invocation drains, the next one goes on. */
export type JobStop = 'ended' | 'waiting' | 'stopped';

/**
 * Executes a job from its first step without a result until it has ended or must stand still. All it learns is in the
 * record of its state.
 */
export async function runJob(env: RunEnvironment, job: Job, run: JobRun): Promise<JobStop> {
  const needs = jobsContext(job.needs, env.recordOf);
  const put = (next: JobRecord): JobRecord => {
    run.state.record = next;
    env.recorder.changed(run.state);
    return next;
  };
  let record = run.state.record;
  if (record === undefined) {
    const cleanup = env.cancellation() !== undefined;
    const judging = env.secrets.judge([job.timeoutMinutes, job.continueOnError]);
    const view = judging === undefined ? undefined : await judging;
    const refused = view?.refusal([job.timeoutMinutes]);
    if (refused !== undefined) await env.noteRefusal(refused, { job: job.id });
    if (env.ended()) return 'stopped';
    const contexts = { ...env.contexts, ...view?.contexts, needs };
    // While it was judged, a cancellation may have settled it.
    const settled = run.state.record;
    record = settled ?? put(maskJob(env.redactor, beginJob(job, { contexts }, env.clock.now(), cleanup, refused)));
  }
  if (hasEnded(record.status)) return 'ended';
  for (const step of job.steps) {
    const known = record.steps[step.index];
    if (known?.completedAt !== undefined) continue;
    const pause = env.breathe();
    if (pause !== undefined) await pause;
    const id = stepId(env.run.run, job.id, step);
    const judging = env.secrets.judge(templatesOf(step));
    const view = judging === undefined ? undefined : await judging;
    const now = env.clock.now();
    // A drain begins nothing; but a step whose end has come does not wait for the next invocation.
    if (env.ended()) return 'stopped';
    if (env.draining() && !isDue(known, run.step.signal, now)) return known?.wait === undefined ? 'stopped' : 'waiting';
    const scope = scopeOf(env, job, record, needs, id, known?.createdAt ?? now, view);
    const refused = view?.refusal(templatesOf(step));
    // A step that began in an earlier invocation goes on with what was decided then.
    let begun = known;
    if (begun === undefined) {
      const decided = decide(env, step, scope, { cleaning: record.cleanup === true, refused, view }, now);
      if ('refused' in decided) {
        await env.noteRefusal(decided.refused, { step: id });
        if (env.ended()) return 'stopped';
      }
      const first = 'refused' in decided ? failStep(step, `FORBIDDEN: ${decided.refused}`, scope, now) : decided;
      begun = maskStep(env.redactor, first);
      record = put(withStep(record, step, begun, now));
      if (begun.status === 'failed') countFailure(env, step, 'refused' in decided ? 'FORBIDDEN' : NOT_BEGUN);
    }
    if (begun.completedAt !== undefined) continue;
    if (inPause(begun, now) && !run.step.signal.aborted) return 'waiting';
    const say = (line: LogLine): void => env.recorder.log(run.state, line);
    // A pure step is repeated after a crash as if it had never begun: its lines become durable with its result, not before.
    const held: LogLine[] | undefined = env.actions.get(step.action)?.pure === true ? [] : undefined;
    const related = createRelated(begun, env.redactor);
    const said = await runStep({
      env,
      jobId: job.id,
      step,
      scope,
      begun,
      controller: run.step,
      ...(refused === undefined ? {} : { refused }),
      log(level, message) {
        const line = { step: step.index, at: env.clock.now(), level, message: env.redactor.text(message) };
        if (held === undefined) say(line);
        else held.push(line);
      },
      relate: related.add,
    });
    const answer = maskAnswer(env.redactor, said);
    if (answer.status === 'aborted' && answer.cause.kind === 'handover') return 'stopped';
    held?.forEach(say);
    const at = env.clock.now();
    // To go on waiting for the same thing is no news.
    if (answer.status === 'waiting' && begun.wait?.until === answer.until && begun.wait.for === answer.for)
      return 'waiting';
    const kept = withinBudget(record, answer);
    const { line, again } = afterAttempt(step, begun, kept, at, endsOf(env, record));
    if (line !== undefined) say({ step: step.index, at, level: 'info', message: line });
    if (step.retry !== undefined && again !== undefined) {
      put(withStep(record, step, related.of(waitForAttempt(step.retry, begun, again)), at));
      return 'waiting';
    }
    const settled = maskStep(env.redactor, related.of(settleStep(step, begun, kept, scope, at)));
    record = put(withStep(record, step, settled, at));
    if (settled.status === 'failed') countFailure(env, step, kept.status === 'failed' ? kept.code : 'TIMEOUT');
    if (answer.status === 'waiting') return 'waiting';
    if (answer.status === 'aborted' && answer.cause.kind === 'job-timeout') {
      record = put(skipRest(job, record, answer.cause.message, at));
      break;
    }
    // The next step is aborted for its own reasons. (One that waits keeps its abort: it may have come with the answer.)
    if (run.step.signal.aborted) {
      run.step = new AbortController();
      env.judgeTimes();
    }
  }
  const outputs = Object.values(job.outputs);
  const judging = env.secrets.judge([...outputs, job.continueOnError]);
  const view = judging === undefined ? undefined : await judging;
  const refused = view?.refusal(outputs);
  if (refused !== undefined) await env.noteRefusal(refused, { job: job.id });
  if (env.ended()) return 'stopped';
  const scope: Scope = { contexts: { ...env.contexts, ...view?.contexts, needs, steps: stepsContext(job, record) } };
  put(maskJob(env.redactor, endJob(job, record, scope, env.cancellation()?.message, env.clock.now(), refused)));
  return 'ended';
}

/** Each for good: an attempt that is followed by another one is none. */
function countFailure({ measure, actions }: RunEnvironment, step: Step, code: string): void {
  if (code === NOT_BEGUN) measure?.({ metric: 'StepFailures', value: 1, of: code });
  else measure?.({ metric: 'StepFailures', value: 1, of: countedCode(actions.get(step.action), code) });
}

/** What ends a step from outside, and when: no attempt is waited for that would come later. */
function endsOf({ run, cancellation }: RunEnvironment, record: JobRecord): Readonly<Record<string, number>> {
  const job = jobDeadline(record);
  const ofRun = (run.executingAt ?? run.createdAt) + run.timeoutSeconds * 1_000;
  return {
    ...(job === undefined ? {} : { job }),
    // A run that is being cancelled is past that, or may go beyond it to clean up.
    ...(cancellation() === undefined ? { run: ofRun } : {}),
  };
}

/** Whether a step that began is to be ended: it was aborted, or its time is over. */
function isDue(known: StepRecord | undefined, { aborted }: AbortSignal, now: number): boolean {
  return known !== undefined && (aborted || now >= (stepDeadline(known) ?? Infinity));
}

/** All that a step says; it is judged as a whole what of it may be evaluated. */
const templatesOf = (step: Step): readonly (Template | undefined)[] => [
  step.name,
  step.if.template,
  step.continueOnError,
  step.timeoutMinutes,
  ...Object.values(step.with),
];

/**
 * How a step begins, if it does. `cleaning`: the job began after the cancellation, so its steps run like any others. One
 * that may not run is refused only when it would run, or when what decides about that may not be evaluated.
 */
function decide(
  env: RunEnvironment,
  step: Step,
  scope: Scope,
  { cleaning, refused, view }: { cleaning: boolean; refused: string | undefined; view: SecretView | undefined },
  now: number,
): StepRecord | { readonly refused: string } {
  const cancellation = env.cancellation();
  if (cancellation?.final === true) return skipStep(CLEANUP_IS_OVER, now);
  const { status } = scope;
  const cut = status?.cancelled === true && !cleaning;
  if (!cut || step.if.cleansUp) {
    const implied = !step.if.namesStatus && status?.success === false;
    const blind = implied ? undefined : view?.refusal([step.if.template]);
    if (blind !== undefined) return { refused: blind };
    const verdict = evaluateCondition(step.if, scope);
    if (!verdict.ok)
      return failStep(step, `The condition \`if\` could not be evaluated: ${verdict.message}`, scope, now);
    if (verdict.value) return refused === undefined ? beginStep(step, scope, now) : { refused };
  }
  if (cut) {
    // What nothing but the cancellation keeps from running is lost to it, however its condition is written.
    const before = { success: !status.failure, failure: status.failure, cancelled: false };
    const otherwise = evaluateCondition(step.if, { ...scope, status: before });
    if (!otherwise.ok || otherwise.value) return skipStep(SKIPPED_BY_CANCELLATION, now);
  }
  const failedBefore = status?.failure === true && !step.if.namesStatus;
  return skipStep(failedBefore ? 'Skipped: an earlier step failed.' : 'Skipped: its condition `if` is false.', now);
}

/** `id`: of the step. `moment`: when it began; the same, and so the same `now()`, when it goes on in a later invocation. */
function scopeOf(
  env: RunEnvironment,
  job: Job,
  record: JobRecord,
  needs: JsonObject,
  id: string,
  moment: number,
  view: SecretView | undefined,
): Scope {
  const failure = record.steps.some(step => step?.status === 'failed' && step.continued !== true);
  const cancelled = env.cancellation() !== undefined;
  return {
    contexts: { ...env.contexts, ...view?.contexts, needs, steps: stepsContext(job, record) },
    // Steps of a job that began to clean up after a cancellation run like any others.
    status: { success: !failure && !(cancelled && record.cleanup !== true), failure, cancelled },
    now: moment,
    seed: id,
  };
}

function skipRest(job: Job, record: JobRecord, reason: string, now: number): JobRecord {
  return job.steps
    .filter(step => record.steps[step.index]?.completedAt === undefined)
    .reduce((current, step) => withStep(current, step, skipStep(`Skipped: ${reason}`, now), now), record);
}
