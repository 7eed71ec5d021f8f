import type { DeliveredEvent } from '../../events/delivered-event.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { EventTrigger } from '../../language/pipeline.ts';
import { BODY_LIMIT, exceeds } from '../body.ts';
import { type Refusal, refuse } from '../reply.ts';

/** Loaded with the first event that starts a run, and kept. */
let language: Promise<typeof import('../../language/expressions/evaluate.ts')> | undefined;

/**
 * The inputs that the trigger makes of the event. What an expression finds nothing for (null) is not given: a default may
 * take its place, or the input is missing.
 */
export async function inputsOfEvent(
  { inputs }: EventTrigger,
  { whole: event }: DeliveredEvent,
): Promise<{ readonly value: JsonObject } | Refusal> {
  language ??= import('../../language/expressions/evaluate.ts');
  const { evaluate } = await language;
  const given: [string, Json][] = [];
  const problems: { readonly name: string; readonly message: string }[] = [];
  for (const [name, template] of Object.entries(inputs)) {
    const evaluated = evaluate(template, { contexts: { event } });
    if (!evaluated.ok)
      problems.push({ name, message: `\`${name}\` cannot be made of the event: ${evaluated.message}` });
    else if (evaluated.value !== null) given.push([name, evaluated.value]);
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
