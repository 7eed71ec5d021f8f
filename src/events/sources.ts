import type { JsonObject } from '../json.ts';

/** More exact sources than this are looked up as if any source could meet the pattern. */
const MOST = 10;

/** Characters; at most 4 bytes each, so that it fits into a key of the table. */
const LONGEST = 500;

/** Whether triggers can be filed under this source; none ever is under another one, and an event may have any. */
export const isFiled = (source: string): boolean => source.length <= LONGEST && source.isWellFormed();

/** The sources that an event must have to meet the pattern. `any`: others may meet it too. */
export function sourcesOf({ source }: JsonObject): readonly string[] | 'any' {
  if (!Array.isArray(source) || source.length > MOST) return 'any';
  const exact = source.filter(value => typeof value === 'string');
  return exact.length === source.length && exact.every(isFiled) ? [...new Set(exact)] : 'any';
}
