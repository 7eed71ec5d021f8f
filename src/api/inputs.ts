import type { Json, JsonObject } from '../json.ts';
import type { Pipeline, PipelineCall, TriggerType } from '../language/pipeline.ts';
import { isRefusal, type Refusal, refuse } from './reply.ts';

/** Loaded with the first start of a run and kept: the validator is half of what this API could load. */
let language: Promise<typeof import('../language/check-run-inputs.ts')> | undefined;

/** The trigger that a request is. */
export function callOf(pipeline: Pipeline): PipelineCall | Refusal {
  const call = pipeline.triggers.pipeline_call;
  return (
    call ?? refuse('NO_PIPELINE_CALL', "This version has no trigger 'pipeline_call', so a request cannot start it.")
  );
}

/** What a run takes that is started by this trigger: what the definition declares, or what the trigger itself gives. */
export async function inputsOfTrigger(pipeline: Pipeline, trigger: TriggerType): Promise<PipelineCall | Refusal> {
  if (trigger === 'pipeline_call') return callOf(pipeline);
  const { triggerInputs } = await import('../language/trigger-inputs.ts');
  const call = triggerInputs(pipeline.triggers, trigger);
  return call ?? refuse('NO_SUCH_TRIGGER', `This version has no trigger '${trigger}', so none can start it.`);
}

/**
 * The inputs of a run as the pipeline declares them, defaults filled in. `sealed`: names of secrets that were sealed
 * before, so nobody here can look at them.
 */
export async function checkInputs(
  pipeline: Pipeline,
  given: Json | undefined,
  sealed: readonly string[] = [],
  trigger: TriggerType = 'pipeline_call',
): Promise<{ readonly value: JsonObject } | Refusal> {
  const call = await inputsOfTrigger(pipeline, trigger);
  if (isRefusal(call)) return call;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse('INVALID_BODY', "'inputs' is not an object.");
  }
  language ??= import('../language/check-run-inputs.ts');
  const { checkRunInputs } = await language;
  const checked = checkRunInputs(sealed.length === 0 ? call : without(call, sealed), given);
  if (checked.ok) return { value: checked.inputs };
  const { problems } = checked;
  const message = `Inputs: ${problems.map(problem => problem.message).join('; ')}.`;
  return refuse('INVALID_INPUTS', message, { details: { inputs: problems } });
}

function without(call: PipelineCall, names: readonly string[]): PipelineCall {
  const inputs = Object.entries(call.inputs).filter(([name]) => !names.includes(name));
  return { ...call, inputs: Object.fromEntries(inputs) };
}
