import { data } from '@actions/expressions';
import type { Json, JsonObject } from '../../json.ts';
import { isList } from '../json-kind.ts';
import { exceedsUtf8, utf8Length } from '../utf8.ts';
import { EvaluationError, MAX_DATA_DEPTH, MAX_RESULT } from './bounds.ts';

/**
 * JSON as the package sees it. Its own classes copy everything at once and fold the case of keys; these two look into
 * the JSON only where an expression does, and give it back unchanged. Functions of the package use `get`, `values`,
 * `pairs` and `instanceof`, so subclasses are all it takes.
 */
export type Data = data.ExpressionData;

const NULL = new data.Null();
const TRUE = new data.BooleanData(true);
const FALSE = new data.BooleanData(false);

/** By identity: the same object is the same data, which is also what `==` of two objects asks. */
const known = new WeakMap<object, JsonList | JsonMap>();

export class JsonList extends data.Array {
  readonly json: readonly Json[];
  #values: Data[] | undefined;

  constructor(json: readonly Json[]) {
    super();
    this.json = json;
  }
  override values(): Data[] {
    this.#values ??= this.json.map(toData);
    return this.#values;
  }
  override get(index: number): Data {
    return toData(this.json[index]);
  }
}

export class JsonMap extends data.Dictionary {
  readonly json: JsonObject;
  #folded: Map<string, string> | undefined;

  constructor(json: JsonObject) {
    super();
    this.json = json;
  }
  /** The exact key first, then, as on GitHub, the first one that differs in case only. */
  override get(key: string): Data | undefined {
    if (Object.hasOwn(this.json, key)) return toData(this.json[key]);
    const near = this.#keysWithoutCase().get(key.toLowerCase());
    return near === undefined ? undefined : toData(this.json[near]);
  }
  override values(): Data[] {
    return Object.values(this.json).map(toData);
  }
  override pairs(): { key: string; value: Data }[] {
    return Object.entries(this.json).map(([key, value]) => ({ key, value: toData(value) }));
  }
  #keysWithoutCase(): Map<string, string> {
    if (this.#folded === undefined) {
      this.#folded = new Map();
      for (const key of Object.keys(this.json)) {
        const folded = key.toLowerCase();
        if (!this.#folded.has(folded)) this.#folded.set(folded, key);
      }
    }
    return this.#folded;
  }
}

/** `undefined` (a property that is not there) is null. */
export function toData(json: Json | undefined): Data {
  switch (typeof json) {
    case 'string':
      return new data.StringData(json);
    case 'number':
      return new data.NumberData(json);
    case 'boolean':
      return json ? TRUE : FALSE;
    case 'object':
      return json === null ? NULL : toCollection(json);
    case 'undefined':
      return NULL;
  }
}

function toCollection(json: readonly Json[] | JsonObject): Data {
  const seen = known.get(json);
  if (seen !== undefined) return seen;
  const made = isList(json) ? new JsonList(json) : new JsonMap(json);
  known.set(json, made);
  return made;
}

/** Back to JSON. Numbers that JSON does not have (from `1e999`, `NaN`) are refused. */
export function fromData(value: Data): Json {
  if (value instanceof JsonMap || value instanceof JsonList) return value.json;
  switch (value.kind) {
    case data.Kind.Null:
      return null;
    case data.Kind.String:
    case data.Kind.Boolean:
      return value.value;
    case data.Kind.Number:
      return finite(value.value);
    case data.Kind.Array:
      return value.values().map(fromData);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map(pair => [pair.key, fromData(pair.value)]));
  }
}

/** `1e999` is JSON to a parser, and Infinity. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new EvaluationError(`its result holds ${value}, which JSON cannot`);
  return value;
}

/** Inside text: null is empty, lists and maps are JSON, numbers as GitHub writes them (15 decimals at most). */
export function toText(value: Data): string {
  if (value.primitive) return value.coerceString();
  const json = fromData(value);
  checkSize(json);
  return JSON.stringify(json);
}

/**
 * Refuses what is larger than a result may be or nested too deeply. The work is bounded too: every value counts, so
 * values that share parts are counted as often as they would be printed.
 */
export function checkSize(json: Json, limit = MAX_RESULT): number {
  let bytes = 0;
  let level: Json[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DATA_DEPTH + 1)
      throw new EvaluationError(`its result is nested more than ${MAX_DATA_DEPTH} levels deep`);
    const next: Json[] = [];
    for (const value of level) {
      bytes += sizeOf(value, limit, next);
      if (bytes > limit) throw new EvaluationError(`its result is larger than ${limit / 1024} KiB`);
    }
    level = next;
  }
  return bytes;
}

/** Bytes of the value itself; what it holds goes to `next`. Quotes, commas and colons count, escapes do not. */
function sizeOf(value: Json, limit: number, next: Json[]): number {
  if (typeof value === 'string') return exceedsUtf8(value, limit) ? limit + 1 : utf8Length(value) + 2;
  if (typeof value === 'number') return String(finite(value)).length;
  if (typeof value !== 'object' || value === null) return 4;
  let bytes = 2;
  if (isList(value)) {
    bytes += value.length;
    if (bytes <= limit) for (const item of value) next.push(item);
    return bytes;
  }
  for (const key of Object.keys(value)) {
    bytes += exceedsUtf8(key, limit) ? limit + 1 : utf8Length(key) + 4;
    if (bytes > limit) return bytes;
    next.push(value[key] ?? null);
  }
  return bytes;
}
