import { isDeeper, type Json, type JsonObject } from '../json.ts';
import { isMap, kindOf, show } from './json-kind.ts';
import { didYouMean } from './near-name.ts';
import { printPath } from './path.ts';
import type { Input, PipelineCall } from './pipeline.ts';
import { explain } from './schema/explain.ts';
import { validatorOf } from './schema/validator.ts';
import { quoteAll } from './words.ts';

/** Levels of lists and maps in one input; expressions and records go no deeper. */
const MAX_NESTING = 100;

export type RunInputProblem = { readonly name: string; readonly message: string };

export type RunInputs =
  /** In the order of the declaration, with the defaults of what was not given. */
  | { readonly ok: true; readonly inputs: JsonObject }
  | { readonly ok: false; readonly problems: readonly RunInputProblem[] };

/** Checks what a caller gave against what the pipeline declares: one problem per input. */
export function checkRunInputs(call: PipelineCall, given: Json | undefined): RunInputs {
  const values = given ?? {};
  if (!isMap(values))
    return { ok: false, problems: [{ name: '', message: `the inputs must be a map, not ${kindOf(values)}` }] };
  const problems: RunInputProblem[] = [];
  const inputs: [string, Json][] = [];
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(call.inputs, name)) problems.push({ name, message: unknown(name, Object.keys(call.inputs)) });
  }
  for (const [name, input] of Object.entries(call.inputs)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const message = value === undefined ? absent(name, input) : check(name, input, value);
    const used = value === undefined ? input.default : value;
    if (message !== undefined) problems.push({ name, message });
    else if (used !== undefined) inputs.push([name, used]);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, inputs: Object.fromEntries(inputs) };
}

function absent(name: string, input: Input): string | undefined {
  return input.required && input.default === undefined ? `\`${name}\` is required but not given` : undefined;
}

/** The first broken rule; the others show when this one is mended. */
function check(name: string, input: Input, value: Json): string | undefined {
  if (isDeeper(value, MAX_NESTING)) return `\`${name}\` is nested more than ${MAX_NESTING} levels deep`;
  const [error] = validatorOf(input.schema, 'first')(value);
  if (error === undefined) return undefined;
  const { path, message } = explain(error, value);
  // Some rules quote what they were given.
  if (input.secret === true) return `\`${name}\` ${message.replaceAll(show(value), '***')}`;
  return `\`${printPath([name, ...path])}\` ${message}`;
}

function unknown(name: string, declared: readonly string[]): string {
  const hint = didYouMean(name, declared)();
  const list = declared.length === 0 ? 'the pipeline takes no inputs' : `there are ${quoteAll(declared)}`;
  return `\`${name}\` is not an input of this pipeline; ${list}${hint === undefined ? '' : `; ${hint}`}`;
}
