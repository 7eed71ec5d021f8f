import type { Json, JsonObject } from '../json.ts';
import type { Item, Value } from '../ports/table.ts';

/** What stands in the table is not what its writer always writes. */
export class Malformed extends Error {
  override name = 'Malformed';
}

/** Told of what cannot be read by whoever reads many records and goes on without it. */
export type Unreadable = (error: Malformed) => void;

/** For those who cannot go on without it. */
export const fail: Unreadable = error => {
  throw error;
};

/** Undefined: the item cannot be read. One bad record never keeps the others from being read. */
export function readable<T>(item: Item, read: (item: Item) => T, unreadable: Unreadable): T | undefined {
  try {
    return read(item);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    unreadable(error);
    return undefined;
  }
}

/**
 * Reading typed fields out of an item. An item that does not have what its writer always writes is a bug or a foreign
 * hand: it is reported with its key, never guessed around.
 */
export function text(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : wrong(item, name, 'a string');
}

export function number(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : wrong(item, name, 'a number');
}

export function optionalText(item: Item, name: string): string | undefined {
  return item[name] === undefined ? undefined : text(item, name);
}

export function optionalNumber(item: Item, name: string): number | undefined {
  return item[name] === undefined ? undefined : number(item, name);
}

export function list(item: Item, name: string): readonly Value[] {
  const value = item[name];
  return Array.isArray(value) ? (value as readonly Value[]) : wrong(item, name, 'a list');
}

export function texts(item: Item, name: string): readonly string[] {
  return list(item, name).map(value => (typeof value === 'string' ? value : wrong(item, name, 'a list of strings')));
}

/** A map whose values are strings. */
export function textMap(item: Item, name: string): Readonly<Record<string, string>> {
  const value = item[name];
  if (!isMap(value)) return wrong(item, name, 'a map');
  const result: Record<string, string> = {};
  for (const [key, entry] of Object.entries(value)) {
    result[key] = typeof entry === 'string' ? entry : wrong(item, name, 'a map of strings');
  }
  return result;
}

/** JSON of users is stored as text: their nesting and numbers may go beyond what an attribute can hold. */
export function json(item: Item, name: string): Json {
  const source = text(item, name);
  try {
    return JSON.parse(source) as Json; // as: JSON.parse makes nothing else
  } catch {
    // Not the parser's message: it quotes what may be a secret.
    return wrong(item, name, 'JSON text');
  }
}

export function jsonObject(item: Item, name: string): JsonObject {
  const value = json(item, name);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : wrong(item, name, 'JSON text of an object');
}

export function isMap(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function oneOf<T extends string>(item: Item, name: string, values: readonly T[]): T {
  const found = values.find(value => value === item[name]);
  return found ?? wrong(item, name, `one of ${values.join(', ')}`);
}

function wrong(item: Item, name: string, expected: string): never {
  throw new Malformed(`item ${item.pk} / ${item.sk}: '${name}' should be ${expected}`);
}
