import type { Json, JsonSchema } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import { nameOf } from '../path.ts';
import type { Input } from '../pipeline.ts';
import { explain } from '../schema/explain.ts';
import { validatorOf } from '../schema/validator.ts';
import { choice } from '../shape/choice.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { flag, wrongType } from '../shape/values.ts';
import { type InputType, keywordsOf, TYPES } from './input-keywords.ts';
import { checkSchema } from './input-schema.ts';

const description: Shape<string | undefined> = {
  schema: { type: 'string' },
  read: (value, place) =>
    value === undefined || typeof value === 'string' ? value : wrongType(value, 'a string', place),
};

/** Data, taken as it is: `${{` in it means nothing. */
const anything: Shape<Json | undefined> = { schema: {}, read: value => value };

const OWN = {
  type: { shape: choice(TYPES, 'type'), description: 'What a value must be. Absent: anything.' },
  required: { shape: flag, description: 'Whether a run must be given a value. Default: false.' },
  description: { shape: description, description: 'For people and forms.' },
  default: { shape: anything, description: 'The value when none is given.' },
  secret: { shape: flag, description: 'Keeps the value (a string) sealed and masks it everywhere.' },
} as const;

export const input: Shape<Input> = {
  schema: { type: ['object', 'null'], ...openFields() },
  read: (value, place) => (value === null ? { schema: {}, required: false } : readInput(value, place)),
};

function readInput(value: Json | undefined, place: Place): Input {
  const declared = isMap(value) ? value : {};
  const isSecret = declared.secret === true;
  // What is masked is a text: to mask a number or a boolean would mask half of every log.
  const known = TYPES.find(name => name === (declared.type ?? (isSecret ? 'string' : undefined)));
  const keywords = keywordsOf(known);
  const what = known === undefined ? 'an input' : `an input of the type \`${known}\``;
  const fields = readFields(OWN, what, value, place, keywords);
  const rules = Object.entries(declared).filter(([key]) => keywords.includes(key));
  const schema: JsonSchema = { ...(known === undefined ? {} : { type: known }), ...Object.fromEntries(rules) };
  const isValid = checkSchema(schema, place);
  if (isSecret) checkSecret(known, fields.default, place);
  else if (isValid && fields.default !== undefined) checkDefault(fields.default, schema, place);
  return {
    schema: isValid ? schema : {},
    required: fields.required ?? false,
    ...(fields.description === undefined ? {} : { description: fields.description }),
    ...(fields.default === undefined ? {} : { default: fields.default }),
    ...(isSecret ? { secret: true } : {}),
  };
}

function checkSecret(known: InputType | undefined, value: Json | undefined, place: Place): void {
  if (known !== undefined && known !== 'string') {
    const message = `a secret is a string, so that it can be masked; the type of this input is \`${known}\``;
    report(inside(place, 'secret'), { code: 'INVALID_VALUE', message });
  }
  if (value === undefined) return;
  const message = 'a secret cannot have a default: everybody who reads the definition would know it';
  report(inside(place, 'default'), { code: 'INVALID_DEFAULT', message });
}

function checkDefault(value: Json, schema: JsonSchema, place: Place): void {
  const there = inside(place, 'default');
  for (const { path, message } of validatorOf(
    schema,
    'all',
  )(value)
    .slice(0, 20)
    .map(error => explain(error, value))) {
    const exact = { ...there, path: [...there.path, ...path] };
    report(exact, { code: 'INVALID_DEFAULT', message: `${nameOf(exact.path)} ${message}` });
  }
}

/** The keywords of JSON Schema are not repeated here: an editor knows them from the meta-schema. */
function openFields(): JsonSchema {
  const { properties } = fieldsSchema(OWN);
  return properties === undefined ? {} : { properties };
}
