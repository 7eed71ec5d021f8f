import type { Json, JsonSchema } from '../../json.ts';
import { isMap, show } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import { nameOf } from '../path.ts';
import type { Input } from '../pipeline.ts';
import { explain } from '../schema/explain.ts';
import { validatorOf } from '../schema/validator.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { flag, wrongType } from '../shape/values.ts';
import { type InputType, keywordsOf, TYPES } from './input-keywords.ts';
import { checkSchema } from './input-schema.ts';

const type: Shape<InputType | undefined> = {
  schema: { enum: TYPES },
  read: (value, place) => {
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return wrongType(value, `one of ${TYPES.join(', ')}`, place);
    const known = TYPES.find(name => name === value);
    if (known !== undefined) return known;
    const message = `there is no type ${show(value)}; there are ${TYPES.join(', ')}`;
    report(place, { code: 'INVALID_VALUE', message, hint: didYouMean(value, TYPES) });
    return undefined;
  },
};

const description: Shape<string | undefined> = {
  schema: { type: 'string' },
  read: (value, place) =>
    value === undefined || typeof value === 'string' ? value : wrongType(value, 'a string', place),
};

const secret: Shape<undefined> = {
  schema: { type: 'boolean' },
  read: (value, place) => {
    if (value === undefined || value === false) return;
    if (value !== true) return wrongType(value, 'true or false', place);
    report(place, { code: 'NOT_SUPPORTED_YET', message: '`secret: true` is not supported yet; remove it', at: 'key' });
  },
};

/** Data, taken as it is: `${{` in it means nothing. */
const anything: Shape<Json | undefined> = { schema: {}, read: value => value };

const OWN = {
  type: { shape: type, description: 'What a value must be. Absent: anything.' },
  required: { shape: flag, description: 'Whether a run must be given a value. Default: false.' },
  description: { shape: description, description: 'For people and forms.' },
  default: { shape: anything, description: 'The value when none is given.' },
  secret: { shape: secret, description: 'Keeps the value sealed and masks it everywhere.' },
} as const;

export const input: Shape<Input> = {
  schema: { type: ['object', 'null'], ...openFields() },
  read: (value, place) => (value === null ? { schema: {}, required: false } : readInput(value, place)),
};

function readInput(value: Json | undefined, place: Place): Input {
  const declared = isMap(value) ? value : {};
  const known = TYPES.find(name => name === declared.type);
  const keywords = keywordsOf(known);
  const what = known === undefined ? 'an input' : `an input of the type \`${known}\``;
  const fields = readFields(OWN, what, value, place, keywords);
  const rules = Object.entries(declared).filter(([key]) => keywords.includes(key));
  const schema: JsonSchema = { ...(known === undefined ? {} : { type: known }), ...Object.fromEntries(rules) };
  if (checkSchema(schema, place) && fields.default !== undefined) checkDefault(fields.default, schema, place);
  return {
    schema,
    required: fields.required ?? false,
    ...(fields.description === undefined ? {} : { description: fields.description }),
    ...(fields.default === undefined ? {} : { default: fields.default }),
  };
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
