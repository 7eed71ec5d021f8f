import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/json.ts';
import { compileTexts } from '../../src/run/redact/find-texts.ts';
import { createLearningRedactor, createRedactor } from '../../src/run/redactor.ts';
import { TEXTS, VALUES } from '../fixtures/redactor.ts';
import '../kit/seed.ts';

test.each(TEXTS)('text: $title', ({ secrets, text, shown }) => {
  expect(createRedactor(secrets).text(text)).toBe(shown);
});

test.each(VALUES)('JSON: $title', ({ secrets, value, shown }) => {
  expect(createRedactor(secrets).json(value)).toStrictEqual(shown);
});

test('what holds no secret is the very same object', () => {
  const value: Json = { a: [1, 'x', { b: null }] };
  expect(createRedactor(['s3cret']).json(value)).toBe(value);
  expect(createRedactor([]).json(value)).toBe(value);
});

/** Secrets as people have them: not of stars, and long enough for their base64 to be told from other text. */
const secret = fc
  .oneof(
    fc.string({ minLength: 5, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 5, maxLength: 20 }),
    fc.array(fc.string({ minLength: 5, maxLength: 20 }), { minLength: 2, maxLength: 4 }).map(lines => lines.join('\n')),
    fc.string({ unit: fc.constantFrom('a', 'b', '%', '+', '\\', '"', ' ', '/', 'ü'), minLength: 5, maxLength: 12 }),
  )
  .filter(text => !text.includes('*') && text.trim().length >= 5);

const inBase64 = (alphabet: 'base64' | 'base64url') => (text: string, before: string, after: string) => ({
  hidden: Buffer.from(before + text + after).toString(alphabet),
  // What of it depends on the secret alone.
  form: stableBase64(text, Buffer.byteLength(before), alphabet),
});

const FORMS: Readonly<
  Record<string, (text: string, before: string, after: string) => { readonly hidden: string; readonly form: string }>
> = {
  raw: text => ({ hidden: text, form: text }),
  json: text => same(JSON.stringify(text).slice(1, -1)),
  'json twice': text => same(JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)),
  url: text => same(encodeURIComponent(text)),
  'url with lower-case digits': text =>
    same(encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, found => found.toLowerCase())),
  'whole url': text => same(encodeURI(text)),
  form: text => same(new URLSearchParams({ '': text }).toString().slice(1)),
  base64: inBase64('base64'),
  base64url: inBase64('base64url'),
};

const same = (form: string) => ({ hidden: form, form });

function stableBase64(text: string, before: number, alphabet: 'base64' | 'base64url'): string {
  const bytes = Buffer.from(text);
  const encoded = Buffer.concat([Buffer.alloc(before % 3), bytes]).toString(alphabet);
  return encoded.slice(Math.ceil(((before % 3) * 8) / 6), Math.floor((((before % 3) + bytes.length) * 8) / 6));
}

test.each(Object.entries(FORMS))('no secret survives: %s', (_, make) => {
  fc.assert(
    fc.property(
      secret,
      fc.array(secret, { maxLength: 3 }),
      fc.string({ maxLength: 7 }),
      fc.string({ maxLength: 7 }),
      (text, others, before, after) => {
        fc.pre(isWellFormed(text));
        const { hidden, form } = make(text, before, after);
        const redactor = createRedactor([...others, text]);
        const shown = redactor.text(`${before}${hidden}${after}`);
        expect(shown).not.toContain(form);
        expect(shown).not.toContain(text);
        expect(redactor.text(shown)).toBe(shown);
        const value = { [`${before}${hidden}`]: [{ a: hidden }] };
        expect(JSON.stringify(redactor.json(value))).not.toContain(JSON.stringify(form).slice(1, -1));
      },
    ),
    { numRuns: 300 },
  );
});

const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

test('text without a secret comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(createRedactor(['a secret that is in no other text']).text(text)).toBe(text);
    }),
  );
});

test('the automaton finds what a search for each text finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
      (words, text) => {
        const hit = (ranges: readonly { readonly start: number; readonly end: number }[]) =>
          Array.from(text, (_, at) => ranges.some(({ start, end }) => start <= at && at < end));
        const expected = words.flatMap(wanted =>
          Array.from(text, (_, start) => ({ start, end: start + wanted.length })).filter(
            ({ start }) => wanted !== '' && text.startsWith(wanted, start),
          ),
        );
        expect(hit(compileTexts(words)(text))).toEqual(hit(expected));
      },
    ),
  );
});

test('a large key and a large text of its beginnings: each character is looked at a few times at the most', () => {
  // A search that tried every line at every place would take hours.
  const lines = Array.from({ length: 1_000 }, (_, index) => `${'a'.repeat(60)}${index}`);
  const redactor = createRedactor([lines.join('\n')]);
  const text = 'a'.repeat(2_000_000);
  expect(redactor.text(text)).toBe(text);
  expect(redactor.text(`${text}999`)).toBe(`${'a'.repeat(2_000_000 - 60)}***`);
});

test('what it learns is masked from then on, beside what it knew', () => {
  const redactor = createLearningRedactor(['first-secret']);
  const { text } = redactor;
  const said = 'first-secret second-secret';
  expect(text(said)).toBe('*** second-secret');
  redactor.learn('second-secret');
  redactor.learn('second-secret');
  expect(text(said)).toBe('*** ***');
  expect(redactor.json({ said })).toEqual({ said: '*** ***' });
});
