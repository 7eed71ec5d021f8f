import type { Json } from '../../json.ts';
import { isList, isMap, kindOf, show } from '../json-kind.ts';
import { didYouMean, type Hint } from '../near-name.ts';
import type { Path } from '../path.ts';
import { counted, joinWith, quoteAll } from '../words.ts';
import type { SchemaError } from './validator.ts';

/** One broken rule in words. `path`: the value it is about; for a key that is missing or unknown, that key. */
export type Broken = {
  readonly rule: 'missing' | 'unknown' | 'value';
  readonly path: Path;
  /** Goes on after the name of the value: "must be a text, not a number". */
  readonly message: string;
  readonly hint?: Hint | undefined;
};

export function explain(error: SchemaError, value: Json): Broken {
  const path = pathOf(error.instancePath, value);
  const { params } = error;
  if (typeof params.missingProperty === 'string') {
    return { rule: 'missing', path: [...path, params.missingProperty], message: 'is required but not given' };
  }
  const extra = params.additionalProperty ?? params.unevaluatedProperty;
  if (typeof extra === 'string') {
    const known = Object.keys(property(error.parentSchema, 'properties') ?? {});
    const list = known.length === 0 ? '' : `; there are ${quoteAll(known)}`;
    return { rule: 'unknown', path: [...path, extra], message: `is not known${list}`, hint: didYouMean(extra, known) };
  }
  return { rule: 'value', path, message: say(error) };
}

/** A JSON pointer; numbers are indexes where the value is a list. */
function pathOf(pointer: string, value: Json): Path {
  const path: (string | number)[] = [];
  let at: Json | undefined = value;
  for (const escaped of pointer.split('/').slice(1)) {
    const part = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(isList(at) ? Number(part) : part);
    at = isList(at) ? at[Number(part)] : isMap(at) ? at[part] : undefined;
  }
  return path;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean (true or false)',
  array: 'a list',
  object: 'a map',
  null: 'null',
};

function typesOf(types: unknown): string[] {
  return [types].flat().map(type => TYPES[String(type)] ?? String(type));
}

/** In words of the language; rules that people rarely write keep the words of the package. */
function say(error: SchemaError): string {
  const { keyword, params } = error;
  const given = error.data as Json | undefined; // What was validated is JSON.
  switch (keyword) {
    case 'type':
      return `must be ${joinWith('or', typesOf(params.type))}, not ${typeof given === 'number' ? given : kindOf(given)}`;
    case 'enum':
      return `must be ${joinWith('or', (error.schema as readonly Json[]).slice(0, 20).map(show))}, not ${show(given ?? null)}`;
    case 'const':
      return `must be ${show(error.schema as Json)}`;
    case 'pattern':
      return `must match the pattern \`${String(params.pattern)}\``;
    case 'format':
      return `must be written as ${FORMAT_NAMES[String(params.format)] ?? String(params.format)}`;
    case 'minimum':
      return `must be ${params.limit} or more, not ${show(given ?? null)}`;
    case 'maximum':
      return `must be ${params.limit} or less, not ${show(given ?? null)}`;
    case 'exclusiveMinimum':
      return `must be more than ${params.limit}, not ${show(given ?? null)}`;
    case 'exclusiveMaximum':
      return `must be less than ${params.limit}, not ${show(given ?? null)}`;
    case 'minLength':
      return `must have at least ${counted(Number(params.limit), 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(Number(params.limit), 'character')}`;
    case 'minItems':
      return `must have at least ${counted(Number(params.limit), 'item')}`;
    case 'maxItems':
      return `must have at most ${counted(Number(params.limit), 'item')}`;
    case 'minProperties':
      return `must have at least ${counted(Number(params.limit), 'key')}`;
    case 'maxProperties':
      return `must have at most ${counted(Number(params.limit), 'key')}`;
    case 'multipleOf':
      return `must be a multiple of ${params.multipleOf}`;
    case 'propertyNames':
      return `cannot have the key ${show(String(params.propertyName))}`;
    case 'anyOf':
    case 'oneOf':
      return alternatives(error, given);
    default:
      return error.message ?? `breaks the rule \`${keyword}\``;
  }
}

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  date: 'a date (2026-01-31)',
  time: 'a time with its zone (12:00:00Z)',
  'date-time': 'a time of RFC 3339 (2026-01-31T12:00:00Z)',
  duration: 'a duration of ISO 8601 (PT15M)',
  email: 'an e-mail address',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'a URL with its scheme (https://…)',
  uuid: 'a UUID',
};

/** `anyOf` of types or of sets of required keys are the ones that read well. */
function alternatives(error: SchemaError, given: Json | undefined): string {
  const branches: readonly unknown[] = Array.isArray(error.schema) ? error.schema : [];
  const types = branches.flatMap(branch => property(branch, 'type'));
  const required = branches.map(branch => property(branch, 'required'));
  const exactly = error.keyword === 'oneOf' ? 'exactly one of' : 'one of';
  if (required.length > 0 && required.every(names => Array.isArray(names))) {
    return `needs ${exactly} ${required
      .map(names =>
        names
          .flat()
          .map(name => `\`${String(name)}\``)
          .join(' with '),
      )
      .join(', ')}`;
  }
  if (types.length > 0 && types.every(type => typeof type === 'string')) {
    return `must be ${joinWith(
      'or',
      types.map(type => TYPES[type] ?? type),
    )}, not ${kindOf(given)}`;
  }
  return `must fit ${exactly} its ${branches.length} declared forms`;
}

function property(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null
    ? Object.entries(holder).find(([key]) => key === name)?.[1]
    : undefined;
}
