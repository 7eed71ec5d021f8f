import type { DeliveredEvent } from '../../events/delivered-event.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Pipeline } from '../../language/pipeline.ts';
import { BODY_LIMIT, exceeds } from '../body.ts';
import { type Refusal, refuse } from '../reply.ts';

/** Loaded with the first event that starts a run, and kept. */
let language: Promise<typeof import('../../language/expressions/evaluate.ts')> | undefined;

/**
 * The inputs that the trigger makes of the event. What an expression finds nothing for (null) is not given: a default may
 * take its place, or the input is missing.
 */
export async function inputsOfEvent(
  { event: trigger, pipeline_call: call }: Pipeline['triggers'],
  { whole: event }: DeliveredEvent,
): Promise<{ readonly value: JsonObject } | Refusal> {
  language ??= import('../../language/expressions/evaluate.ts');
  const { evaluate } = await language;
  const declared = call?.inputs ?? {};
  const given: [string, Json][] = [];
  const problems: { readonly name: string; readonly message: string }[] = [];
  for (const [name, template] of Object.entries(trigger?.inputs ?? {})) {
    const evaluated = evaluate(template, { contexts: { event } });
    if (!evaluated.ok) {
      // What is said of an expression may quote what it was given.
      const secret = Object.hasOwn(declared, name) && declared[name]?.secret === true;
      const why = secret ? 'its expression fails, and the input is secret, so that no more is said' : evaluated.message;
      problems.push({ name, message: `\`${name}\` cannot be made of the event: ${why}` });
    } else if (evaluated.value !== null) given.push([name, evaluated.value]);
  }
  if (problems.length > 0) {
    const message = `Inputs: ${problems.map(problem => problem.message).join('; ')}.`;
    return refuse('INVALID_INPUTS', message, { details: { inputs: problems } });
  }
  const value: JsonObject = Object.fromEntries(given);
  // As much as a request can bring.
  if (!exceeds(JSON.stringify(value), BODY_LIMIT)) return { value };
  const message = `Inputs: together they have more than ${BODY_LIMIT} bytes; map less of the event.`;
  return refuse('INVALID_INPUTS', message, { details: { inputs: [] } });
}
