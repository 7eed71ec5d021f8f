import type { Json } from '../../json.ts';
import { isList, isMap, show } from '../json-kind.ts';
import { nameOf } from '../path.ts';
import { counted } from '../words.ts';
import { inside, type Place, report, type Shape } from './shape.ts';
import { wrongType } from './values.ts';

/** Job and step ids, names of inputs and outputs: what `needs.<name>` can spell. */
export const NAME: NameForm = {
  pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/,
  words: 'letters, digits, `_` and `-`, with a letter or `_` first, at most 100 characters',
};

/** `words` goes on after "takes". */
export type NameForm = { readonly pattern: RegExp; readonly words: string };

/** How many there may be. `noun`: "job". What is beyond `max` is counted and not read, so that work stays bounded. */
export type Count = { readonly min?: number; readonly max: number; readonly noun: string };

/** A map whose keys the author chooses. Absent: empty. */
export function mapOf<T>(item: Shape<T>, count: Count, form?: NameForm): Shape<readonly (readonly [string, T])[]> {
  const read = (value: Json | undefined, place: Place): readonly (readonly [string, T])[] => {
    if (value === undefined) return [];
    if (!isMap(value)) return wrongType(value, 'a map', place) ?? [];
    const entries = Object.entries(value).slice(0, count.max);
    checkCount(Object.keys(value).length, count, place);
    if (form !== undefined) for (const [key] of entries) checkName(key, form, inside(place, key));
    return entries.map(([key, entry]) => [key, item.read(entry, inside(place, key))]);
  };
  const schema = {
    type: 'object',
    additionalProperties: item.schema,
    ...(form === undefined ? {} : { propertyNames: { pattern: form.pattern.source } }),
    ...(count.min === undefined ? {} : { minProperties: count.min }),
    maxProperties: count.max,
  };
  return { schema, read };
}

/** A list. Absent: empty. */
export function listOf<T>(item: Shape<T>, count: Count): Shape<readonly T[]> {
  const read = (value: Json | undefined, place: Place): readonly T[] => {
    if (value === undefined) return [];
    if (!isList(value)) return wrongType(value, 'a list', place) ?? [];
    checkCount(value.length, count, place);
    return value.slice(0, count.max).map((entry, index) => item.read(entry, inside(place, index)));
  };
  const schema = {
    type: 'array',
    items: item.schema,
    ...(count.min === undefined ? {} : { minItems: count.min }),
    maxItems: count.max,
  };
  return { schema, read };
}

function checkCount(length: number, { min = 0, max, noun }: Count, place: Place): void {
  if (length >= min && length <= max) return;
  const limit = length < min ? `at least ${counted(min, noun)}` : `at most ${counted(max, noun)}`;
  report(place, { code: 'INVALID_VALUE', message: `${nameOf(place.path)} must have ${limit}; it has ${length}` });
}

function checkName(name: string, { pattern, words }: NameForm, place: Place): void {
  if (pattern.test(name)) return;
  report(place, { code: 'INVALID_ID', message: `${show(name)} cannot be a name: a name takes ${words}`, at: 'key' });
}
