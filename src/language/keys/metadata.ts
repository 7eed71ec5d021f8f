import type { Json } from '../../json.ts';
import { mapOf } from '../shape/collections.ts';
import type { Place, Shape } from '../shape/shape.ts';
import { wrongType } from '../shape/values.ts';

const MAX_ENTRIES = 50;

const value: Shape<string> = {
  schema: { type: 'string' },
  read: (given: Json | undefined, place: Place) =>
    typeof given === 'string' ? given : (wrongType(given ?? null, 'a string', place) ?? ''),
};

const map = mapOf(value, { max: MAX_ENTRIES, noun: 'text' });

export const metadata: Shape<Readonly<Record<string, string>>> = {
  schema: map.schema,
  read: (given, place) => Object.fromEntries(map.read(given, place)),
};
