import type { Json, JsonObject } from '../json.ts';
import type { EventTrigger, Pipeline, PipelineCall, TriggerType } from '../language/pipeline.ts';
import { isRefusal, type Refusal, refuse } from './reply.ts';

/** Loaded with the first start of a run and kept: the validator is half of what this API could load. */
let language: Promise<typeof import('../language/check-run-inputs.ts')> | undefined;

/** What declares the inputs of a run that this trigger starts. */
export function callOf(pipeline: Pipeline, trigger: TriggerType = 'pipeline_call'): PipelineCall | Refusal {
  const { pipeline_call: call, event } = pipeline.triggers;
  if (call === undefined && trigger === 'event' && event !== undefined) return anything(event);
  return (
    call ?? refuse('NO_PIPELINE_CALL', "This version has no trigger 'pipeline_call', so a request cannot start it.")
  );
}

/** Without a `pipeline_call` the inputs that an event gives are all that there are, of any type. */
const anything = ({ inputs }: EventTrigger): PipelineCall => ({
  inputs: Object.fromEntries(Object.keys(inputs).map(name => [name, { schema: {}, required: false }])),
});

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
  const call = callOf(pipeline, trigger);
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
