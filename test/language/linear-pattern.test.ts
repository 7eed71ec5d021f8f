import { describe, expect, test } from 'vitest';
import { linearPattern, patternProblem } from '../../src/language/schema/linear-pattern.ts';
import { patternWeight } from '../../src/language/schema/pattern-weight.ts';

const MATCHES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['a', 'bab', true],
  ['^a$', 'bab', false],
  ['^[a-z0-9](?:-?[a-z0-9]+)+$', 'a-b-c', true],
  ['^[a-z0-9](?:-?[a-z0-9]+)+$', 'a--b', false],
  ['^\\d{3}-\\d{4}$', '555-1234', true],
  ['^\\p{L}+$', 'Ünïcode', true],
  ['^.$', '😀', true],
  ['^\\u0041\\/$', 'A/', true],
  ['^(?<year>\\d{4})$', '2026', true],
  ['(?i)^HELLO$', 'hello', true],
  ['', '', true],
];

describe('linear patterns', () => {
  test.each(MATCHES)('%j on %j: %j', (pattern, text, matches) => {
    expect(linearPattern(pattern).test(text)).toBe(matches);
  });

  test.each(['(?=a)', '(?<!a)b', '(a)\\1', '(a', '[a', 'a{2,1}', 'a**', 'x'.repeat(1001), 'a{1001}', '(a{100}){100}'])(
    '%j cannot be used',
    pattern => {
      expect(patternProblem(pattern)).toMatch(/\w/);
    },
  );

  test.each([
    ['abc', 3],
    ['a{10}', 10],
    ['(?:ab){10}', 30],
    ['(?:(?:a{10}){10}){10}', 1110],
    ['[a-z]{1,63}', 63],
    ['\\{10}', 4],
    ['[{]{5}', 5],
    ['a|b', 2],
    ['a{3,}', 3],
  ])('%j weighs %j', (pattern, weight) => {
    expect(patternWeight(pattern)).toBe(weight);
  });
});
