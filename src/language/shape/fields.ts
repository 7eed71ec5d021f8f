import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import { quoteAll } from '../words.ts';
import { inside, type Place, report, type Shape } from './shape.ts';
import { wrongType } from './values.ts';

/** One key of a map whose keys the language knows. */
export type Field<T> = { readonly shape: Shape<T>; readonly description: string; readonly required?: true };

export type Fields = Readonly<Record<string, Field<unknown>>>;

export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Reads every key; unknown and missing ones are reported. `what`: "a job". `also`: known keys that somebody else reads. */
export function readFields<F extends Fields>(
  fields: F,
  what: string,
  value: Json | undefined,
  place: Place,
  also: readonly string[] = [],
): Values<F> {
  const map = isMap(value) ? value : {};
  if (value !== undefined && !isMap(value)) wrongType(value, 'a map', place);
  const values = Object.entries(fields).map(([key, { shape, required }]) => {
    const given = Object.hasOwn(map, key) ? map[key] : undefined;
    if (required && given === undefined && isMap(value)) {
      report(inside(place, key), { code: 'MISSING_KEY', message: `${what} needs \`${key}\``, at: 'key' });
    }
    return [key, shape.read(given, inside(place, key))] as const;
  });
  reportUnknown([...Object.keys(fields), ...also], what, map, place);
  // The compiler does not follow keys through `entries`: each value was read by the shape of its own key.
  return Object.fromEntries(values) as Values<F>;
}

function reportUnknown(known: readonly string[], what: string, map: JsonObject, place: Place): void {
  for (const key of Object.keys(map).filter(name => !known.includes(name))) {
    const message = `${what} has no key \`${key}\`; it takes ${quoteAll(known)}`;
    report(inside(place, key), { code: 'UNKNOWN_KEY', message, at: 'key', hint: didYouMean(key, known) });
  }
}

export function fieldsSchema(fields: Fields): JsonSchema {
  const required = Object.keys(fields).filter(key => fields[key]?.required);
  const properties = Object.entries(fields).map(([key, { shape, description }]) => [
    key,
    { ...shape.schema, description },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
