import { assertNever } from './assert-never.ts';
import { type Refusal, refuse } from './reply.ts';
import type { QueryParameter } from './route.ts';
import { parseTime } from './time.ts';

/** A query as it came: every name with its values in order. */
export type RawQuery = ReadonlyMap<string, readonly string[]>;

type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
type Values = Readonly<Record<string, Value>>;
type Read = { readonly value: Value } | { readonly wrong: string };

export type QueryReader = (query: RawQuery) => { readonly values: Values } | Refusal;

/** Characters of one value; page tokens are the longest. */
const LONGEST = 1_000;

/** Reads a query by the table of a route. Names that are not in the table are refused, all of them at once. */
export function createQueryReader(parameters: readonly QueryParameter[]): QueryReader {
  const byName = new Map(parameters.map(parameter => [parameter.name, parameter]));
  const defaults: Values = Object.fromEntries(
    parameters.flatMap(parameter => (parameter.kind === 'count' ? [[parameter.name, parameter.default]] : [])),
  );
  const known = parameters.map(parameter => (parameter.kind === 'map' ? `${parameter.name}[key]` : parameter.name));

  return query => {
    if (query.size === 0) return { values: defaults };
    const values: Record<string, Value> = { ...defaults };
    const unknown: string[] = [];
    const wrong: string[] = [];
    for (const [name, given] of query) {
      const { of, key } = splitName(name);
      const parameter = byName.get(of);
      if (parameter === undefined || (parameter.kind === 'map') !== (key !== undefined)) {
        unknown.push(`'${name}'`);
        continue;
      }
      const read = readValue(parameter, given, key, values[of]);
      if ('wrong' in read) wrong.push(`'${name}' ${read.wrong}`);
      else values[of] = read.value;
    }
    if (unknown.length > 0) wrong.push(`${unknown.join(', ')} not known here (known: ${known.join(', ') || 'none'})`);
    return wrong.length === 0 ? { values } : refuse('INVALID_QUERY', `Query: ${wrong.join('; ')}.`);
  };
}

/** `metadata[team]` -> `metadata`, `team`. */
function splitName(name: string): { readonly of: string; readonly key?: string } {
  const open = name.indexOf('[');
  if (open < 0 || !name.endsWith(']')) return { of: name };
  return { of: name.slice(0, open), key: name.slice(open + 1, -1) };
}

function readValue(
  parameter: QueryParameter,
  given: readonly string[],
  key: string | undefined,
  before: Value | undefined,
): Read {
  if (given.some(value => value.length > LONGEST)) return { wrong: `is longer than ${LONGEST} characters` };
  if (parameter.kind === 'texts') return { value: given };
  if (parameter.kind === 'choices') {
    return given.every(value => parameter.values.includes(value)) ? { value: given } : oneOf(parameter.values);
  }
  const [value] = given;
  if (value === undefined || given.length > 1) return { wrong: 'is given more than once' };
  switch (parameter.kind) {
    case 'text':
      return value === '' ? { wrong: 'is empty' } : { value };
    case 'flag':
      return value === 'true' || value === 'false' ? { value: value === 'true' } : oneOf(['true', 'false']);
    case 'choice':
      return parameter.values.includes(value) ? { value } : oneOf(parameter.values);
    case 'count': {
      const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      return count >= parameter.min && count <= parameter.max
        ? { value: count }
        : { wrong: `is not a whole number from ${parameter.min} to ${parameter.max}` };
    }
    case 'time': {
      const time = parseTime(value);
      return time === undefined ? { wrong: 'is not a time like 2026-01-31T12:00:00Z (RFC 3339)' } : { value: time };
    }
    case 'map':
      return { value: { ...(isTextMap(before) ? before : {}), [key ?? '']: value } };
    default:
      return assertNever(parameter);
  }
}

const oneOf = (values: readonly string[]): Read => ({ wrong: `is not one of ${values.join(', ')}` });

const isTextMap = (value: Value | undefined): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && !Array.isArray(value);
