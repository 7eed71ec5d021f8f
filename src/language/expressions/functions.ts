import { data, wellKnownFunctions } from '@actions/expressions';
import { equals } from '@actions/expressions/result';
import type { Json } from '../../json.ts';
import { checkLength, EvaluationError, MAX_DATA_DEPTH } from './bounds.ts';
import { base64, sha256 } from './encodings.ts';
import type { Call, FunctionEntry } from './function-entry.ts';
import { checkSize, type Data, fromData, toData } from './json-data.ts';
import { now, uuid } from './step-functions.ts';

/** As in the package: `format` takes at most 255 arguments. */
const MANY = 255;

const ENTRIES: readonly FunctionEntry[] = [
  { name: 'contains', minArgs: 2, maxArgs: 2, call: contains },
  { name: 'startsWith', minArgs: 2, maxArgs: 2, call: builtIn('startswith') },
  { name: 'endsWith', minArgs: 2, maxArgs: 2, call: builtIn('endswith') },
  { name: 'format', minArgs: 1, maxArgs: MANY, call: format },
  { name: 'join', minArgs: 1, maxArgs: 2, call: join },
  { name: 'toJSON', minArgs: 1, maxArgs: 1, call: toJson },
  { name: 'fromJSON', minArgs: 1, maxArgs: 1, call: fromJson },
  { name: 'case', minArgs: 3, maxArgs: MANY, call: builtIn('case') },
  { name: 'base64', minArgs: 1, maxArgs: 1, call: base64 },
  { name: 'sha256', minArgs: 1, maxArgs: 1, call: sha256 },
  { name: 'now', minArgs: 0, maxArgs: 0, needsStep: true, call: now },
  { name: 'uuid', minArgs: 0, maxArgs: 0, needsStep: true, call: uuid },
  { name: 'success', minArgs: 0, maxArgs: 0, asksStatus: true, call: (_, { status }) => toData(status.success) },
  { name: 'failure', minArgs: 0, maxArgs: 0, asksStatus: true, call: (_, { status }) => toData(status.failure) },
  { name: 'cancelled', minArgs: 0, maxArgs: 0, asksStatus: true, call: (_, { status }) => toData(status.cancelled) },
  { name: 'always', minArgs: 0, maxArgs: 0, asksStatus: true, call: () => toData(true) },
];

/** By name in lower case. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map(
  ENTRIES.map(entry => [entry.name.toLowerCase(), entry]),
);

function builtIn(name: 'case' | 'contains' | 'endswith' | 'format' | 'join' | 'startswith'): FunctionEntry['call'] {
  const definition = wellKnownFunctions[name];
  if (definition === undefined) throw new Error(`@actions/expressions has no function ${name}`);
  return args => definition.call(...args);
}

/** The package compares with every item and folds the case of both sides each time. */
function contains(args: readonly Data[], call: Call): Data {
  const [search, item] = args;
  const { meter } = call;
  if (search?.kind === data.Kind.Array && item !== undefined) {
    for (const value of search.values()) {
      meter.charge(1 + lengthOf(item) + lengthOf(value));
      if (equals(item, value)) return toData(true);
    }
    return toData(false);
  }
  return CONTAINS(args, call);
}

/** Every `{0}` copies an argument: the length is known before anything is copied. */
function format(args: readonly Data[], call: Call): Data {
  const [pattern, ...values] = args.map(arg => arg.coerceString());
  let length = pattern?.length ?? 0;
  for (const [, index] of (pattern ?? '').matchAll(/\{\{|\{(\d+)/g)) {
    if (index !== undefined) length += values[Number(index)]?.length ?? 0;
    checkLength('format', length);
  }
  return FORMAT(args, call);
}

function join(args: readonly Data[], call: Call): Data {
  const [list, separator] = args;
  if (list?.kind === data.Kind.Array) {
    const between = separator === undefined ? 1 : lengthOf(separator);
    let length = 0;
    for (const item of list.values()) {
      length += lengthOf(item) + between;
      checkLength('join', length - between);
    }
  }
  return JOIN(args, call);
}

/** Printed with two spaces, as GitHub does. The package's own copy would lose keys that differ in case only. */
function toJson(args: readonly Data[], { meter }: Call): Data {
  const json = args[0] === undefined ? null : jsonOf(args[0]);
  meter.charge(checkSize(json));
  const text = JSON.stringify(json, null, 2);
  meter.charge(text.length);
  checkLength('toJSON', text.length);
  return toData(text);
}

/** `NaN` and `Infinity` print as null, as `JSON.stringify` has it. */
function jsonOf(value: Data): Json {
  return value.kind === data.Kind.Number && !Number.isFinite(value.value) ? null : fromData(value);
}

function fromJson(args: readonly Data[]): Data {
  const text = args[0]?.coerceString() ?? '';
  if (text.trim() === '') throw new EvaluationError('fromJSON was given an empty text');
  if (depthOf(text) > MAX_DATA_DEPTH) {
    throw new EvaluationError(`fromJSON was given a text that nests more than ${MAX_DATA_DEPTH} levels deep`);
  }
  try {
    const json: Json = JSON.parse(text);
    return toData(json);
  } catch (cause) {
    throw new EvaluationError('fromJSON was given a text that is not JSON', { cause });
  }
}

/** Levels of brackets outside strings; right for JSON, and any other text is refused by the parser. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

/** Characters that comparing or copying the value takes. */
function lengthOf(value: Data): number {
  return value.kind === data.Kind.String ? value.value.length : 8;
}

const CONTAINS = builtIn('contains');
const FORMAT = builtIn('format');
const JOIN = builtIn('join');
