import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPattern } from '../../src/events/match-pattern.ts';
import { wildcardTest } from '../../src/events/wildcard.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { checkPattern } from '../../src/language/keys/event-pattern.ts';
import { matchCases, SOURCES } from '../fixtures/events/matches.ts';
import '../kit/seed.ts';

test.each(matchCases)('$title ($from)', ({ pattern, event, matches }) => {
  expect(matchesPattern(pattern, event)).toBe(matches);
});

test('the table is large, has both answers for every source, and says each thing once', () => {
  expect(matchCases.length).toBeGreaterThanOrEqual(100);
  expect(new Set(matchCases.map(({ title }) => title))).toHaveLength(matchCases.length);
  for (const from of Object.keys(SOURCES)) {
    const answers = matchCases.filter(row => row.from === from).map(({ matches }) => matches);
    expect(new Set(answers), from).toEqual(new Set([true, false]));
  }
});

/** A pattern that the event meets: each scalar as the one value of its field. */
function patternOf(event: Json): Json {
  if (Array.isArray(event)) {
    const [first] = event;
    return first === undefined ? [{ exists: false }] : patternOf(first);
  }
  if (typeof event !== 'object' || event === null) return [event];
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, patternOf(value)]));
}

const names = fc.constantFrom('a', 'b', 'c', 'detail');
const scalars = fc.oneof(
  fc.constantFrom('x', 'y', '', 'xyz'),
  fc.integer({ min: 0, max: 3 }),
  fc.constant(null),
  fc.boolean(),
);
const events: fc.Arbitrary<JsonObject> = fc.dictionary(
  names,
  fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalars,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
  })).value,
);
const rules = fc.array(
  fc.oneof(
    scalars,
    fc.constantFrom<Json>(
      { prefix: 'x' },
      { suffix: 'z' },
      { 'anything-but': ['x', 1] },
      { numeric: ['>', 0] },
      { exists: true },
      { exists: false },
      { wildcard: 'x*' },
      { 'equals-ignore-case': 'X' },
    ),
  ),
  { minLength: 1, maxLength: 3 },
);
const patterns: fc.Arbitrary<JsonObject> = fc.letrec<{ map: JsonObject }>(tie => ({
  map: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(names, rules, { minKeys: 1, maxKeys: 2 }),
    fc.dictionary(names, tie('map'), { minKeys: 1, maxKeys: 2 }),
    fc.array(tie('map'), { minLength: 2, maxLength: 3 }).map($or => ({ $or })),
  ),
})).map;

test('an event meets the pattern that is made of itself, without lists of several elements', () => {
  const single = fc.dictionary(names, fc.oneof(scalars, fc.dictionary(names, scalars, { minKeys: 1 })), { minKeys: 1 });
  fc.assert(
    fc.property(single, event => {
      expect(matchesPattern(patternOf(event) as JsonObject, event)).toBe(true); // as: of a map a map is made
    }),
  );
});

test('more fields in the event change nothing where the pattern does not look', () => {
  fc.assert(
    fc.property(patterns, events, (pattern, event) => {
      expect(matchesPattern(pattern, { ...event, unnamed: 'x' })).toBe(matchesPattern(pattern, event));
    }),
  );
});

test('more values in a field never lose a match, unless the field was not there', () => {
  fc.assert(
    fc.property(rules, fc.array(scalars, { minLength: 1 }), scalars, (values, leaves, more) => {
      const before = matchesPattern({ a: values }, { a: leaves });
      if (before) expect(matchesPattern({ a: values }, { a: [...leaves, more] })).toBe(true);
    }),
  );
});

test('$or is met when one of its branches is', () => {
  fc.assert(
    fc.property(patterns, patterns, events, (one, other, event) => {
      const either = matchesPattern(one, event) || matchesPattern(other, event);
      expect(matchesPattern({ $or: [one, other] }, event)).toBe(either);
    }),
  );
});

test('what exists and what does not are opposites, at every level of maps', () => {
  fc.assert(
    fc.property(events, names, names, (event, outer, inner) => {
      const of = (exists: boolean) => matchesPattern({ [outer]: { [inner]: [{ exists }] } }, event);
      expect(of(true)).toBe(!of(false));
    }),
  );
});

test('every pattern that the language takes can be judged', () => {
  fc.assert(
    fc.property(patterns, events, (pattern, event) => {
      const reported: unknown[] = [];
      const reading = { report: (found: unknown) => reported.push(found) };
      checkPattern(pattern, { path: ['detail'], site: {}, reading } as never); // as: nothing else is used
      if (reported.length === 0) expect([true, false]).toContain(matchesPattern(pattern, event));
    }),
  );
});

/** What a wildcard means, slowly. */
const meaning = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map(piece => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*')}$`,
  );

test('a wildcard means what a regular expression would', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), { maxLength: 4 });
  const around = fc.tuple(fc.constantFrom('', '*'), pieces, fc.constantFrom('', '*'));
  fc.assert(
    fc.property(around, text, ([begin, middle, end], given) => {
      const pattern = `${begin}${middle.join('*')}${middle.length === 0 ? '' : end}`;
      expect(wildcardTest(pattern)(given)).toBe(meaning(pattern).test(given));
    }),
    { numRuns: 1_000 },
  );
});

test('a wildcard reads each character a bounded number of times, however both are made', () => {
  // A matcher that goes back takes longer than the age of the earth for this.
  const text = 'a'.repeat(1_000_000);
  const pattern = `${`${'a'.repeat(60)}*`.repeat(30)}b`;
  expect(wildcardTest(pattern)(text)).toBe(false);
  expect(wildcardTest(`*${'a'.repeat(2_000)}b*`)(text)).toBe(false);
});

test('a pattern is read once, however many elements of events are judged by it', () => {
  let reads = 0;
  const counted = (rule: JsonObject): JsonObject =>
    new Proxy(rule, {
      ownKeys: target => {
        reads += 1;
        return Reflect.ownKeys(target);
      },
    });
  const pattern = counted({ a: counted({ b: [counted({ wildcard: '*x*' })] }) });
  const event = { a: Array.from({ length: 1_000 }, () => ({ b: ['y', 'z'] })) };
  for (let time = 0; time < 3; time += 1) expect(matchesPattern(pattern, event)).toBe(false);
  expect(reads).toBeLessThan(10);
});
