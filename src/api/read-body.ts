import type { Json } from '../json.ts';
import { assertNever } from './assert-never.ts';
import { checkKeys, parseJsonObject } from './body.ts';
import { type FieldProblem, refuseFields } from './body-problems.ts';
import type { ApiRequest } from './operation.ts';
import type { Refusal } from './reply.ts';
import type { BodyField, BodyFields, BodyValues } from './schemas/fields.ts';
import { parseTime } from './time.ts';

/** The body, when it has the documented keys with values of their form, and no others; else all that is wrong with it. */
export function readBody<F extends BodyFields>(
  request: ApiRequest,
  fields: F,
): { readonly value: BodyValues<F> } | Refusal {
  const names = Object.keys(fields);
  const optional = names.filter(name => fields[name]?.optional === true);
  const body = parseJsonObject(request);
  if ('refused' in body) return body;
  const required = names.filter(name => !optional.includes(name));
  const keys = checkKeys(body.value, required, optional);
  const wrong: FieldProblem[] = [];
  const values: Record<string, string | number | boolean | null> = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = body.value[name];
    if (given === undefined) continue;
    const value = readField(field, given);
    if (value === undefined) wrong.push({ name, message: `Body: '${name}' must be ${formOf(field)}.` });
    else values[name] = value;
  }
  const problems = [...keys.problems, ...wrong];
  if (problems.length > 0) {
    const summary = [...keys.summary, ...wrong.map(({ message }) => message)];
    return refuseFields(problems, summary, keys.hasUnknown ? 'UNKNOWN_BODY_KEYS' : 'INVALID_BODY');
  }
  return { value: values as BodyValues<F> }; // as: each value was read by the field that its type is derived from
}

/** Undefined: it is not of the field's form. */
function readField(field: BodyField, given: Json): string | number | boolean | null | undefined {
  switch (field.kind) {
    case 'text':
      return typeof given === 'string' && isText(field, given) ? given : undefined;
    case 'choice':
      return field.values.find(value => value === given);
    case 'flag':
      return typeof given === 'boolean' ? given : undefined;
    case 'time or null':
      if (given === null) return null;
      return typeof given === 'string' ? parseTime(given) : undefined;
    default:
      return assertNever(field);
  }
}

function isText({ minLength = 0, maxLength, pattern }: BodyField & { readonly kind: 'text' }, text: string): boolean {
  if (text.length < minLength || text.length > maxLength) return false;
  return pattern === undefined || new RegExp(pattern, 'u').test(text);
}

function formOf(field: BodyField): string {
  switch (field.kind) {
    case 'text': {
      const { minLength = 0, maxLength, pattern } = field;
      const form = pattern === undefined ? '' : ` that matches ${pattern}`;
      return `a string of ${minLength} to ${maxLength} characters${form}`;
    }
    case 'choice':
      return `one of ${field.values.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'time or null':
      return 'a time as RFC 3339 writes it (2030-01-31T12:00:00Z), or null';
    default:
      return assertNever(field);
  }
}
