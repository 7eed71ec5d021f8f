import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Json, JsonSchema } from '../../json.ts';
import { linearPattern } from './linear-pattern.ts';
import { addUniqueItems } from './unique-items.ts';

/**
 * Formats that inputs may name. A closed list: those left out are checked by expressions that take quadratic time, or
 * not at all.
 */
export const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
] as const;

export type SchemaError = ErrorObject<string, Record<string, unknown>, unknown>;

/** Answers the errors of a value; none when it is valid. */
export type Validate = (value: Json) => readonly SchemaError[];

/** `all` finds every error; otherwise the first of each value is enough. */
export type Extent = 'all' | 'first';

/** Made when first needed: compiling the meta-schema takes longer than most requests. */
const engines: Partial<Record<Extent, Ajv2020>> = {};

const compiled: Record<Extent, WeakMap<JsonSchema, Validate>> = { all: new WeakMap(), first: new WeakMap() };

/** The check of a schema, compiled once per schema object. Throws when the schema is malformed: check it first. */
export function validatorOf(schema: JsonSchema, extent: Extent): Validate {
  const known = compiled[extent].get(schema);
  if (known !== undefined) return known;
  const engine = engineFor(extent);
  const check: ValidateFunction = engine.compile(schema);
  // The engine's own cache holds every schema for ever; this one lets go of those that nobody uses.
  engine.removeSchema(schema);
  // The type of ajv leaves open what `verbose` fills in.
  const validate: Validate = value =>
    check(value) ? [] : withoutNested((check.errors ?? []) as readonly SchemaError[]);
  compiled[extent].set(schema, validate);
  return validate;
}

/** What JSON Schema itself says about a schema. */
export function metaErrors(schema: JsonSchema): readonly SchemaError[] {
  const engine = engineFor('all');
  return engine.validateSchema(schema) === true ? [] : withoutNested((engine.errors ?? []) as readonly SchemaError[]);
}

/** Keywords that ask other schemas. What is broken in those is said by the keyword, once. */
const ASKING = /\/(?:anyOf|oneOf|not|if|contains|propertyNames)\//;

/** Names in a path of keywords: a property may be called `not`. */
const NAMED = /\/(?:properties|patternProperties|dependentSchemas)\/[^/]*/g;

/** A broken `then` or `else` says more than the `if` around it. */
function withoutNested(errors: readonly SchemaError[]): readonly SchemaError[] {
  const own = errors.filter(({ schemaPath }) => !ASKING.test(schemaPath.replace(NAMED, '')));
  return own.length > 1 ? own.filter(({ keyword }) => keyword !== 'if') : own;
}

/** Why a schema cannot be compiled; absent when it can. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    validatorOf(schema, 'first');
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'it is malformed';
  }
}

function engineFor(extent: Extent): Ajv2020 {
  engines[extent] ??= createEngine(extent);
  return engines[extent];
}

function createEngine(extent: Extent): Ajv2020 {
  const engine = new Ajv2020({
    allErrors: extent === 'all',
    // Schemas of actions are ours, those of inputs are checked before (`metaErrors`).
    validateSchema: false,
    // Errors carry the schema around them, for messages.
    verbose: true,
    // What is unknown was reported with a hint before; types of unions and tuples are the author's business.
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    ownProperties: true,
    logger: false,
    code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
  });
  formats.default(engine, { mode: 'full', formats: [...FORMATS] });
  boundFormats(engine);
  addUniqueItems(engine);
  return engine;
}

/** Characters of a text that has a format; the expressions that check formats are not linear. */
const MAX_FORMATTED = 2048;

function boundFormats(engine: Ajv2020): void {
  for (const name of FORMATS) {
    const check = testOf(engine.formats[name]);
    if (check === undefined) throw new Error(`ajv-formats has no format ${name}`);
    engine.addFormat(name, { type: 'string', validate: (text: string) => text.length <= MAX_FORMATTED && check(text) });
  }
}

/** The package keeps a format as an expression, a function, or one of both with more around it. */
function testOf(format: unknown): ((text: string) => boolean) | undefined {
  if (format instanceof RegExp) return text => format.test(text);
  if (typeof format === 'function') return text => format(text) === true;
  return typeof format === 'object' && format !== null && 'validate' in format ? testOf(format.validate) : undefined;
}
