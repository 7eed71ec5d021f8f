import { describe, expect, test } from 'vitest';
import { compose } from '../../src/language/document/compose.ts';
import { readTokens } from '../../src/language/document/read-tokens.ts';

const FULL = 256 * 1024;

/** Errors inside one document: composing ends behind the hundredth, so there is no document. */
const INSIDE: readonly (readonly [name: string, text: string])[] = [
  ['commas in a list', `[${','.repeat(FULL)}`],
  ['commas in a map', `{${','.repeat(FULL)}`],
  ['colons in a list', `[${': '.repeat(FULL / 2)}`],
  ['question marks in a list', `[${'? '.repeat(FULL / 2)}`],
  ['anchors', '&a '.repeat(FULL / 3)],
  ['empty texts', '"" '.repeat(FULL / 3)],
  ['bad escapes in one text', `"${'\\q'.repeat(FULL / 2)}"`],
  ['bad escapes in many texts', '- "\\q"\n'.repeat(FULL / 7)],
  ['texts that cannot begin like this', '- @\n'.repeat(FULL / 4)],
  ['a hundred lists around', `${'['.repeat(99)}${','.repeat(FULL)}`],
];

/** Tokens that belong to nothing: reading ends with the hundredth. */
const OUTSIDE: readonly (readonly [name: string, text: string])[] = [
  ['closing braces', '}'.repeat(FULL)],
  ['closing brackets', ']'.repeat(FULL)],
  ['empty lists behind each other', '[]'.repeat(FULL / 2)],
  ['closing braces in a list', '- }\n'.repeat(FULL / 4)],
];

describe('the work on malformed text is bounded', () => {
  test.each(INSIDE)('%s', (_, text) => {
    const { document, errors } = compose(readTokens(text).tokens);
    expect(document).toBe(undefined);
    expect(errors).toHaveLength(100);
  });

  test.each(OUTSIDE)('%s', (_, text) => {
    const { tokens } = readTokens(text);
    expect(tokens.length).toBeLessThan(500);
    expect(compose(tokens).errors.length).toBeLessThanOrEqual(200);
  });

  test.each(['- !t a\n', '%A b\n'])('%j again and again', piece => {
    const { problems, tokens } = readTokens(piece.repeat(FULL / piece.length));
    expect(problems).toHaveLength(100);
    expect(tokens.length).toBeLessThan(500);
  });

  test('as many errors as are listed leave the document', () => {
    const { document, errors } = compose(readTokens(`"${'\\q'.repeat(100)}"`).tokens);
    expect(document).toBeDefined();
    expect(errors).toHaveLength(100);
  });
});
