import type { Code } from '../../src/language/codes.ts';

/** Bytes. */
const MAX_TEXT = 256 * 1024;

/** `message`: as YAML. */
const saying = (message: string): string => `name: Example
on:
  pipeline_call:
jobs:
  hello:
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: ${message}
`;

const times = (count: number, piece: string): string => piece.repeat(count);
const lists = (depth: number): string => times(depth, '[') + times(depth, ']');
const aliases = (count: number): string => saying(`[&hi Hi, ${times(count, '*hi, ')}]`);
const largeAliases = (count: number): string => saying(`[&long ${times(20_000, 'x')}, ${times(count, '*long, ')}]`);
const inParentheses = (depth: number): string => saying(`\${{ ${times(depth, '(')}1${times(depth, ')')} }}`);

/** A comment that makes the text as long as that. */
function ofSize(bytes: number): string {
  const text = `${saying('Hi')}# `;
  return text + times(bytes - text.length, 'x');
}

/** The spaces around it belong to the expression. */
function ofLength(characters: number): string {
  return saying(`\${{ '${times(characters - 4, 'x')}' }}`);
}

const unknownKeys = Array.from({ length: 600 }, (_, index) => `key-${index}: 1\n`).join('');

type Pair = { readonly wrong: string; readonly right: string };

/** Texts that would fill a page; docs/errors.md describes them in words. */
export const GENERATED: Partial<Readonly<Record<Code, Pair>>> = {
  TEXT_TOO_LARGE: { wrong: ofSize(MAX_TEXT + 1), right: ofSize(MAX_TEXT) },
  CHARACTER_NOT_ALLOWED: { wrong: saying('"\u202e"'), right: saying('"\\u202e"') },
  YAML_TOO_DEEP: { wrong: saying(lists(101)), right: saying(lists(50)) },
  YAML_TOO_MANY_ALIASES: { wrong: aliases(101), right: aliases(100) },
  YAML_ALIASES_TOO_LARGE: { wrong: largeAliases(60), right: largeAliases(50) },
  TOO_MANY_PROBLEMS: { wrong: saying('Hi') + unknownKeys, right: saying('Hi') },
  EXPRESSION_TOO_LONG: { wrong: ofLength(20_001), right: ofLength(20_000) },
  EXPRESSION_TOO_DEEP: { wrong: inParentheses(60), right: inParentheses(40) },
};
