import jsonata from 'jsonata';
import { freeVariables, JSONATA_FUNCTIONS } from '../../infra/jsonata-variables.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { ERROR, type Failure, type Result } from './errors.ts';
import { type Fields, isObject } from './fields.ts';

/** `$states`: https://states-language.net/spec.html#reserved-states-variable-with-jsonata */
export type States = {
  readonly input: Json;
  readonly context: JsonObject;
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
};

/** A field that accepts JSONata, read once: literals are answered as they stand, expressions are parsed. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly field: string; readonly text: string; readonly parsed: jsonata.Expression }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] };

/** They read a clock or are random; nothing of ours needs them, and an execution here must be repeatable. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['now', 'millis', 'random', 'shuffle']);

export function readTemplate(fields: Fields, name: string, value: Json): Template {
  if (typeof value === 'string') return readText(fields, name, value);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => readTemplate(fields, `${name}[${index}]`, item));
    return items.every(isLiteral) ? { kind: 'literal', value } : { kind: 'list', items };
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, item]) => [key, readTemplate(fields, `${name}.${key}`, item)] as const,
    );
    return members.every(([, item]) => isLiteral(item)) ? { kind: 'literal', value } : { kind: 'object', members };
  }
  return { kind: 'literal', value };
}

function readText(fields: Fields, name: string, value: string): Template {
  const literal: Template = { kind: 'literal', value };
  const [opened, closed] = [value.startsWith('{%'), value.endsWith('%}')];
  if (!opened && !closed) return literal;
  if (!opened || !closed) {
    fields.problem(name, 'must start with "{%" and end with "%}", or do neither');
    return literal;
  }
  const text = value.slice(2, -2).trim();
  try {
    const parsed = jsonata(text);
    for (const variable of freeVariables(parsed.ast())) {
      if (!isKnown(variable))
        fields.problem(name, `uses "${variable}", which is not supported: data comes from $states`);
    }
    return { kind: 'expression', field: fields.path(name).replaceAll('.', '/'), text, parsed };
  } catch (error) {
    fields.problem(name, `is not JSONata: ${messageOf(error)}`);
    return literal;
  }
}

function isKnown(variable: string): boolean {
  const name = variable.slice(1);
  return variable === '$states' || (JSONATA_FUNCTIONS.has(name) && !UNSUPPORTED.has(name));
}

function isLiteral(template: Template): boolean {
  return template.kind === 'literal';
}

/** Evaluation fails as a whole with the first expression that fails, as in Step Functions. */
export async function evaluate(template: Template, states: States): Promise<Result> {
  switch (template.kind) {
    case 'literal':
      return template;
    case 'expression':
      return evaluateExpression(template, states);
    case 'list': {
      const values: Json[] = [];
      for (const item of template.items) {
        const result = await evaluate(item, states);
        if ('failure' in result) return result;
        values.push(result.value);
      }
      return { value: values };
    }
    case 'object': {
      const entries: [string, Json][] = [];
      for (const [name, item] of template.members) {
        const result = await evaluate(item, states);
        if ('failure' in result) return result;
        entries.push([name, result.value]);
      }
      return { value: Object.fromEntries(entries) };
    }
  }
}

async function evaluateExpression(
  { parsed, text, field }: Extract<Template, { kind: 'expression' }>,
  states: States,
): Promise<Result> {
  const about = `The JSONata expression '${text}' specified for the field '${field}'`;
  try {
    const value: unknown = await parsed.evaluate(undefined, { states });
    if (value === undefined) return queryFailure(`${about} returned nothing (undefined).`);
    if (!isJson(value)) return queryFailure(`${about} returned what JSON cannot represent: ${String(value)}`);
    // JSONata marks arrays of its own making, and marked ones behave otherwise when they are evaluated again.
    return { value: typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : value };
  } catch (error) {
    return queryFailure(`${about} threw an error during evaluation: ${messageOf(error)}`);
  }
}

/** `jsonata` answers functions as objects with a mark. */
function isJson(value: unknown): value is Json {
  if (typeof value === 'object' && value !== null) return !('_jsonata_function' in value || '_jsonata_lambda' in value);
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** A result of a type or value that the field does not take. */
export function unexpected(template: Template, expected: string, value: Json): { readonly failure: Failure } {
  const about =
    template.kind === 'expression'
      ? `The JSONata expression '${template.text}' specified for the field '${template.field}'`
      : 'The value of the field';
  return queryFailure(`${about} returned an unexpected result. Expected ${expected}, got: ${JSON.stringify(value)}`);
}

function queryFailure(cause: string): { readonly failure: Failure } {
  return { failure: { error: ERROR.queryEvaluation, cause } };
}

/** `jsonata` throws plain objects with a code, a position and a message. */
function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}
