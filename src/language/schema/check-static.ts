import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { isList, isMap } from '../json-kind.ts';
import { type Broken, explain } from './explain.ts';
import { type SchemaError, validatorOf } from './validator.ts';

/** Rules about which keys and how many items there are: expressions inside do not change that. */
const ABOUT_KEYS: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'unevaluatedProperties',
  'dependentRequired',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
]);

/** Whether they apply is for an `if` to say. */
const CONDITIONAL = /\/(?:then|else)\//;

/** Broken rules of a value that still holds expressions. A part that one of them decides is not judged. */
export function checkStatic(schema: JsonSchema, value: JsonObject): readonly Broken[] {
  const errors = validatorOf(schema, 'all')(value);
  return errors.filter(createJudge(value)).map(error => explain(error, value));
}

type Kind = 'literal' | 'expression' | 'holds expressions';

/** Whether an error stands whatever the expressions give. A place with many errors is looked through once. */
function createJudge(value: Json): (error: SchemaError) => boolean {
  const kinds = new Map<string, Kind>();
  return error => {
    const kind = kinds.get(error.instancePath) ?? kindOf(at(value, error.instancePath));
    kinds.set(error.instancePath, kind);
    if (kind !== 'holds expressions') return kind === 'literal';
    if (CONDITIONAL.test(error.schemaPath)) return false;
    return ABOUT_KEYS.has(error.keyword) || error.keyword === 'type' || asksForKeys(error);
  };
}

function kindOf(judged: Json): Kind {
  if (!hasExpression(judged)) return 'literal';
  return typeof judged === 'string' ? 'expression' : 'holds expressions';
}

/** `oneOf: [{required: [seconds]}, {required: [until]}]` */
function asksForKeys({ keyword, schema }: SchemaError): boolean {
  if (keyword !== 'anyOf' && keyword !== 'oneOf') return false;
  if (!Array.isArray(schema)) return false;
  return schema.every(
    branch => typeof branch === 'object' && branch !== null && Object.keys(branch).every(key => ABOUT_KEYS.has(key)),
  );
}

function at(value: Json, pointer: string): Json {
  let found: Json = value;
  for (const escaped of pointer.split('/').slice(1)) {
    const part = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (isList(found) ? found[Number(part)] : isMap(found) ? found[part] : null) ?? null;
  }
  return found;
}

function hasExpression(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${{');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}
