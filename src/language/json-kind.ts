import type { Json, JsonObject } from '../json.ts';

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

export function isMap(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The kind of a value in the words of the language: "a list", "null". */
export function kindOf(json: Json | undefined): string {
  if (json === null || json === undefined) return 'null';
  if (isList(json)) return 'a list';
  switch (typeof json) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    default:
      return 'a map';
  }
}

/** A value inside a message: short, as JSON. */
export function show(json: Json): string {
  const text = JSON.stringify(json);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
