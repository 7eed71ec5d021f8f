import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markHits } from '../../web/src/parts/inert-text/mark-hits.ts';
import { MAX_SEGMENTS, readAnsi } from '../../web/src/parts/inert-text/read-ansi.ts';
import { type Segment, shownText } from '../../web/src/parts/inert-text/segment.ts';
import rows from '../fixtures/web/ansi.json' with { type: 'json' };

function styleOf(segment: Segment): string {
  if (segment.kind === 'mark') return 'mark';
  const { colour, ...flags } = segment.style;
  return [...Object.keys(flags), ...(colour === undefined ? [] : [colour])].sort().join(' ');
}

test.each(rows)('readAnsi: $name', ({ text, shown, styles }) => {
  const segments = readAnsi(text);
  expect(shownText(segments)).toBe(shown);
  expect(segments.map(styleOf)).toEqual(styles);
});

test('half of a surrogate pair is seen', () => {
  expect(shownText(readAnsi('a\ud800b'))).toBe('a⟦U+D800⟧b');
});

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '31',
      ';',
      'm',
      '\u0007',
      '\\',
      '\u009b',
      '\u202e',
      '\u200d',
      '\u0301',
      '\ud83d',
    ),
    fc.string({ unit: 'binary', maxLength: 2 }),
  ),
  maxLength: 3000,
});

test('no text leaves an unseen character, and the number of segments is bounded', () => {
  fc.assert(
    fc.property(hostile, text => {
      const segments = readAnsi(text);
      expect(segments.length).toBeLessThanOrEqual(MAX_SEGMENTS);
      // Joiners and U+FE0F are part of words and pictures; table rows say where.
      expect(shownText(segments).replaceAll(/\n|\t|\u200c|\u200d|\ufe0f/g, '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u,
      );
    }),
  );
});

test('a hostile text takes no more than linear work', () => {
  for (const piece of ['\u001b]', '\u001b[', '\u001b[31m', 'e\u0301\u202e', '\u001b[1;']) {
    expect(readAnsi(piece.repeat(100_000)).length).toBeLessThanOrEqual(MAX_SEGMENTS);
  }
});

test('cutting at hits keeps the text and sets off the hits alone', () => {
  const places = fc.uniqueArray(fc.nat(60), { maxLength: 12 });
  fc.assert(
    fc.property(hostile, places, (text, numbers) => {
      const segments = readAnsi(text.slice(0, 80));
      const whole = shownText(segments);
      const sorted = numbers.filter(one => one <= whole.length).sort((a, b) => a - b);
      const hits = sorted.flatMap((start, index) => {
        const end = sorted[index + 1];
        return index % 2 === 1 || end === undefined ? [] : [{ start, end }];
      });
      const pieces = markHits(segments, hits);
      expect(shownText(pieces.map(piece => piece.segment))).toBe(whole);
      for (const { segment, key, hit } of pieces) {
        const end = key + shownText([segment]).length;
        expect(hit !== undefined).toBe(hits.some(one => one.start < end && one.end > key));
      }
    }),
  );
});
