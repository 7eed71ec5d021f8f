import type { Action, ActionContext } from '../actions/action.ts';
import type { Json, JsonObject } from '../json.ts';
import { checkInputs } from '../language/check-inputs.ts';
import { evaluate } from '../language/expressions/evaluate.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Step } from '../language/pipeline.ts';
import type { AbortCause, RunEnvironment, StepAnswer } from './environment.ts';
import { inMinutes } from './in-minutes.ts';
import { type StepCall, stepId } from './step-call.ts';
import { createStepContext, type Trouble } from './step-context.ts';
import { stepDeadline } from './step-record.ts';
import { TIMES } from './times.ts';

/** Evaluates the inputs of a step, makes durable what its effect depends on, and calls its action. */
export async function runStep(call: StepCall): Promise<StepAnswer> {
  const { env, step } = call;
  const action = env.actions.get(step.action);
  if (action === undefined) {
    return { status: 'failed', code: 'UNKNOWN_ACTION', message: `This deployment has no action ${step.action}.` };
  }
  if (call.refused !== undefined) return refuse(call, action, call.refused);
  const inputs = inputsOf(step, action, call.scope);
  if (!inputs.ok) return { status: 'failed', code: 'INVALID_INPUTS', message: inputs.message };
  // A result is durable before an effect that depends on it starts.
  if (!action.pure && env.recorder.dirtySince() !== undefined) await env.recorder.flush();
  return act(call, action, inputs.value);
}

/**
 * A step that goes on, but not with the secrets that it names. What it asked of others is taken back, as when it is cut
 * off; it sees its inputs without the secrets.
 */
async function refuse(call: StepCall, action: Action, reason: string): Promise<StepAnswer> {
  const { env, jobId, step, scope, controller } = call;
  const { signal } = controller;
  const cause = signal.aborted ? causeOf(signal) : undefined;
  if (cause?.kind === 'handover') return { status: 'aborted', cause };
  if (cause === undefined) await env.noteRefusal(reason, { step: stepId(env.run.run, jobId, step) });
  const inputs = Object.entries(step.with).map(([name, template]): [string, Json] => {
    const evaluated = evaluate(template, scope);
    return [name, evaluated.ok ? evaluated.value : null];
  });
  const over = new AbortController();
  const trouble: Trouble = {};
  try {
    const context = createStepContext(call, Object.fromEntries(inputs), over.signal, trouble);
    await abandon(action, context, call, cause?.message ?? reason, trouble);
    if (trouble.found !== undefined) throw trouble.found.error;
  } finally {
    over.abort('over');
  }
  return cause === undefined ? { status: 'failed', code: 'FORBIDDEN', message: reason } : { status: 'aborted', cause };
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
  const problems = checkInputs(action.inputs, value, action.registered === true ? 'first' : 'all');
  if (problems.length > 0) return { ok: false, message: problems.map(problem => problem.message).join('; ') };
  if (constant) constants.set(step, value);
  return { ok: true, value };
}

async function act(call: StepCall, action: Action, inputs: JsonObject): Promise<StepAnswer> {
  const { env, begun, controller } = call;
  const { signal } = controller;
  const over = new AbortController();
  const trouble: Trouble = {};
  const context = createStepContext(call, inputs, over.signal, trouble);
  const deadline = stepDeadline(begun);
  if (deadline !== undefined) {
    const cause: AbortCause = {
      kind: 'step-timeout',
      message: `Timed out after ${inMinutes(begun.timeoutSeconds ?? 0)}.`,
    };
    const left = deadline - env.clock.now();
    if (left <= 0) controller.abort(cause);
    else void env.clock.sleep(left, over.signal).then(() => over.signal.aborted || controller.abort(cause));
  }
  try {
    const answer = await attempt(action, context, call, over.signal);
    if (trouble.found !== undefined) throw trouble.found.error;
    // An action that was aborted may answer anything; what counts is that it was cut off, unless it got done in time.
    if (!signal.aborted || answer.status === 'succeeded') return answer;
    const cause = causeOf(signal);
    // An answer that came after the abort may know more of what is to be taken back than the last durable state.
    const latest = answer.status === 'waiting' ? { ...context, state: answer.state } : context;
    if (cause.kind !== 'handover') await abandon(action, latest, call, cause.message, trouble);
    return { status: 'aborted', cause };
  } finally {
    // A reason of our own: without one, each abort builds a DOMException with a stack.
    over.abort('over');
  }
}

async function attempt(
  action: Action,
  context: ActionContext,
  { env, jobId, step, controller }: StepCall,
  over: AbortSignal,
): Promise<StepAnswer> {
  const { signal } = controller;
  if (signal.aborted) return { status: 'aborted', cause: causeOf(signal) };
  try {
    const running = action.run(context);
    // A pure action has answered already; to listen for an abort would cost as much as all the rest of its step.
    const answer = await Promise.race([running, NOT_YET]);
    return answer === 'not yet' ? await Promise.race([running, givenUp(env, signal, over)]) : answer;
  } catch (error) {
    if (signal.aborted) return { status: 'aborted', cause: causeOf(signal) };
    env.report(`action ${step.action} threw`, error, { job: jobId, step: step.id ?? String(step.index) });
    const message = `Action ${step.action} failed in an unexpected way; the platform's log has the details.`;
    return { status: 'failed', code: 'INTERNAL_ERROR', message };
  }
}

/** What an action asked of others is taken back when its step is cut off; a bug in that does not keep the step from ending. */
async function abandon(
  action: Action,
  context: ActionContext,
  { env, jobId, step }: StepCall,
  reason: string,
  trouble: Trouble,
): Promise<void> {
  if (action.abandon === undefined) return;
  // The signal of the step is aborted already: what takes back gets one, and a time, of its own.
  const ending = new AbortController();
  const own: ActionContext = {
    ...context,
    signal: ending.signal,
    sleep: ms => env.clock.sleep(ms, ending.signal),
  };
  const patience = new AbortController();
  const late = async (): Promise<void> => {
    await env.clock.sleep(TIMES.abortGrace, patience.signal);
    ending.abort('over');
    await env.clock.sleep(TIMES.lastWords, patience.signal);
  };
  try {
    await Promise.race([action.abandon(own, reason), late()]);
  } catch (error) {
    if (trouble.found !== undefined) throw trouble.found.error;
    env.report(`action ${step.action} threw when it was cut off`, error, {
      job: jobId,
      step: step.id ?? String(step.index),
    });
  } finally {
    patience.abort('over');
  }
}

const NOT_YET = Promise.resolve('not yet' as const);

/** Settles when an aborted action did not end within its grace; never otherwise. */
function givenUp(env: RunEnvironment, signal: AbortSignal, over: AbortSignal): Promise<StepAnswer> {
  return new Promise(resolve => {
    const giveUp = (): void => {
      void env.clock.sleep(TIMES.abortGrace, over).then(() => resolve({ status: 'aborted', cause: causeOf(signal) }));
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true, signal: over });
  });
}

/** Every abort of a step in this folder gives its cause. */
function causeOf(signal: AbortSignal): AbortCause {
  return signal.reason as AbortCause;
}
