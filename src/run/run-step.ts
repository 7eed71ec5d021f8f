import type { Action, ActionContext, LogLevel } from '../actions/action.ts';
import type { Json, JsonObject } from '../json.ts';
import { checkInputs } from '../language/check-inputs.ts';
import { evaluate } from '../language/expressions/evaluate.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Step } from '../language/pipeline.ts';
import type { StepRecord } from '../store/jobs.ts';
import { ABORT_GRACE, type AbortCause, type RunEnvironment, type StepAnswer } from './environment.ts';
import { inMinutes } from './settings.ts';
import { stepDeadline } from './step-record.ts';

export type StepCall = {
  readonly env: RunEnvironment;
  readonly jobId: string;
  readonly step: Step;
  readonly scope: Scope;
  readonly begun: StepRecord;
  /** Aborted from outside with an `AbortCause`, or here when the time of the step is over. */
  readonly controller: AbortController;
  readonly log: (level: LogLevel, message: string) => void;
};

/** Evaluates the inputs of a step, makes durable what its effect depends on, and calls its action. */
export async function runStep(call: StepCall): Promise<StepAnswer> {
  const { env, step } = call;
  const action = env.actions.get(step.action);
  if (action === undefined) {
    return { status: 'failed', code: 'UNKNOWN_ACTION', message: `This deployment has no action ${step.action}.` };
  }
  const inputs = inputsOf(step, action, call.scope);
  if (!inputs.ok) return { status: 'failed', code: 'INVALID_INPUTS', message: inputs.message };
  // A result is durable before an effect that depends on it starts.
  if (!action.pure && env.recorder.dirtySince() !== undefined) await env.recorder.flush();
  const { signal } = call.controller;
  if (signal.aborted) return { status: 'aborted', cause: causeOf(signal) };
  return act(call, action, inputs.value);
}

/** Tells a step from all others, of other runs too, and stays the same when the step is executed again. */
export function stepId(run: string, job: string, step: Step): string {
  return `${run}/${job}/${step.id ?? step.index}`;
}

const constants = new WeakMap<Step, JsonObject>();

type Inputs = { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly message: string };

function inputsOf(step: Step, action: Action, scope: Scope): Inputs {
  const known = constants.get(step);
  if (known !== undefined) return { ok: true, value: known };
  const value: Record<string, Json> = {};
  let constant = true;
  for (const [name, template] of Object.entries(step.with)) {
    const evaluated = evaluate(template, scope);
    if (!evaluated.ok) return { ok: false, message: `Input '${name}' could not be evaluated: ${evaluated.message}` };
    value[name] = evaluated.value;
    constant &&= template.kind === 'literal';
  }
  const problems = checkInputs(action.inputs, value);
  if (problems.length > 0) return { ok: false, message: problems.map(problem => problem.message).join('; ') };
  if (constant) constants.set(step, value);
  return { ok: true, value };
}

async function act(call: StepCall, action: Action, inputs: JsonObject): Promise<StepAnswer> {
  const { env, step, begun, controller } = call;
  const { signal } = controller;
  const over = new AbortController();
  const context: ActionContext = {
    inputs,
    signal,
    stepId: `${stepId(env.run.run, call.jobId, step)}/1`,
    log(level, message) {
      // What a step that was given up on still has to say belongs to nobody.
      if (!over.signal.aborted) call.log(level, message);
    },
    ...(begun.wait === undefined ? {} : { state: begun.wait.state }),
    now: () => env.clock.now(),
    sleep: ms => env.clock.sleep(ms, signal),
    clients: env.clients,
  };
  const deadline = stepDeadline(begun);
  if (deadline !== undefined) {
    const cause: AbortCause = {
      kind: 'step-timeout',
      message: `Timed out after ${inMinutes(begun.timeoutSeconds ?? 0)}.`,
    };
    const left = deadline - env.clock.now();
    if (left <= 0) return { status: 'aborted', cause };
    void env.clock.sleep(left, over.signal).then(() => over.signal.aborted || controller.abort(cause));
  }
  try {
    const answer = await Promise.race([action.run(context), abandoned(env, signal, over.signal)]);
    // An action that was aborted may answer anything; what counts is that it was cut off, unless it got done in time.
    return signal.aborted && answer.status !== 'succeeded' ? { status: 'aborted', cause: causeOf(signal) } : answer;
  } catch (error) {
    if (signal.aborted) return { status: 'aborted', cause: causeOf(signal) };
    env.report(`action ${step.action} threw`, error);
    const message = `Action ${step.action} failed in an unexpected way; the platform's log has the details.`;
    return { status: 'failed', code: 'INTERNAL_ERROR', message };
  } finally {
    // A reason of our own: without one, each abort builds a DOMException with a stack.
    over.abort('over');
  }
}

/** Settles when an aborted action did not end within its grace; never otherwise. */
function abandoned(env: RunEnvironment, signal: AbortSignal, over: AbortSignal): Promise<StepAnswer> {
  return new Promise(resolve => {
    const giveUp = (): void => {
      void env.clock.sleep(ABORT_GRACE, over).then(() => resolve({ status: 'aborted', cause: causeOf(signal) }));
    };
    signal.addEventListener('abort', giveUp, { once: true, signal: over });
  });
}

/** Every abort of a step in this folder gives its cause. */
function causeOf(signal: AbortSignal): AbortCause {
  return signal.reason as AbortCause;
}
