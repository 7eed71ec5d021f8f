import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { ACTION_MODES, type ActionRecord, type ActionTarget } from '../store/actions.ts';
import { readJsonObject } from './body.ts';
import type { ApiRequest } from './operation.ts';
import { isRefusal, type Refusal, refuse } from './reply.ts';
import { actionsSchemas } from './schemas/actions.ts';
import { isText, readIdField, readTextField } from './text-field.ts';

export type ActionBody = Pick<
  ActionRecord,
  'name' | 'description' | 'inputs' | 'outputs' | 'errors' | 'pure' | 'mode' | 'target'
>;

const LONGEST_DESCRIPTION = 1_000;
const MOST_ERRORS = 50;
const ERROR_CODE = /^[A-Z][A-Z0-9_]{0,99}$/;

/** A registration, when it can be used. */
export async function readActionBody(request: ApiRequest): Promise<ActionBody | Refusal> {
  const required = ['name', 'description', 'inputs', 'outputs', 'mode', 'target'];
  const body = readJsonObject(request, required, ['errors', 'pure']);
  if (isRefusal(body)) return body;
  const given = body.value;
  const name = readIdField(given, 'name', 'action');
  if (!isText(name)) return name;
  const description = readTextField(given, 'description', { most: LONGEST_DESCRIPTION });
  if (!isText(description)) return description;
  const mode = ACTION_MODES.find(one => one === given.mode);
  if (mode === undefined) return refuse('INVALID_BODY', `'mode' has to be one of ${ACTION_MODES.join(', ')}.`);
  const { pure = false } = given;
  if (typeof pure !== 'boolean') return refuse('INVALID_BODY', "'pure' has to be true or false.");
  const target = readTarget(given.target);
  if (isRefusal(target)) return target;
  const errors = given.errors === undefined ? undefined : readErrors(given.errors);
  if (errors !== undefined && isRefusal(errors)) return errors;
  const { readActionSchema } = await import('../language/check-action-schema.ts');
  const inputs = readActionSchema(given.inputs ?? null, 'inputs');
  const outputs = readActionSchema(given.outputs ?? null, 'outputs');
  if (!inputs.ok || !outputs.ok) {
    const problems = [inputs, outputs].flatMap(read => (read.ok ? [] : read.problems));
    return refuse('INVALID_ACTION', `The action cannot be used: ${problems.join('; ')}.`, { details: { problems } });
  }
  const more = errors === undefined ? {} : { errors: errors.value };
  return { name, description, inputs: inputs.schema, outputs: outputs.schema, pure, mode, target, ...more };
}

const { properties } = actionsSchemas.ActionRequest as { readonly properties: Record<string, JsonSchema> }; // as: made by object()
const forms = properties.target?.properties as Record<'function' | 'module', Form>; // as: likewise

type Form = { readonly pattern: string; readonly minLength?: number; readonly maxLength?: number };

/** What answers show is of the form that the document promises. */
const isOfForm = (value: Json | undefined, { pattern, minLength = 0, maxLength = 300 }: Form): value is string =>
  typeof value === 'string' &&
  value.length >= minLength &&
  value.length <= maxLength &&
  new RegExp(pattern).test(value);

function readTarget(target: Json | undefined): ActionTarget | Refusal {
  const wrong = "'target' has to have one key: 'function', the ARN of a Lambda function, or 'module', a name.";
  if (!isMap(target) || Object.keys(target).length !== 1) return refuse('INVALID_BODY', wrong);
  const { function: arn, module } = target;
  if (isOfForm(arn, forms.function)) return { kind: 'function', arn };
  if (isOfForm(module, forms.module)) return { kind: 'module', name: module };
  return refuse('INVALID_BODY', wrong);
}

function readErrors(errors: Json): { readonly value: Readonly<Record<string, string>> } | Refusal {
  const wrong = `'errors' has to map at most ${MOST_ERRORS} codes like NO_SUCH_CHANNEL to their reasons.`;
  if (!isMap(errors)) return refuse('INVALID_BODY', wrong);
  const entries = Object.entries(errors);
  const value: Record<string, string> = {};
  for (const [code, reason] of entries) {
    if (!ERROR_CODE.test(code) || typeof reason !== 'string' || reason.length > LONGEST_DESCRIPTION)
      return refuse('INVALID_BODY', wrong);
    value[code] = reason;
  }
  return entries.length > MOST_ERRORS ? refuse('INVALID_BODY', wrong) : { value };
}

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
