import type { JsonObject } from '../json.ts';

/** More exact sources than this are looked up as if any source could meet the pattern. */
const MOST = 10;

/** The sources that an event must have to meet the pattern. `any`: others may meet it too. */
export function sourcesOf({ source }: JsonObject): readonly string[] | 'any' {
  if (!Array.isArray(source) || source.length > MOST) return 'any';
  const exact = source.filter(value => typeof value === 'string');
  return exact.length === source.length ? [...new Set(exact)] : 'any';
}
