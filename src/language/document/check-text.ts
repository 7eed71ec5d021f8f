import type { Code } from '../codes.ts';
import { exceedsUtf8, utf8Length } from '../utf8.ts';

/** Bytes of UTF-8. */
export const MAX_TEXT = 256 * 1024;

/** A mistake in the text itself, before there are values: `offset` in UTF-16 code units. */
export type TextProblem = {
  readonly code: Code;
  readonly message: string;
  readonly offset: number;
};

/**
 * What YAML 1.2 forbids (section 5.1: control characters, lone surrogates) and the bidirectional controls that make a
 * text read otherwise than it runs (CVE-2021-42574). Escapes in double quotes say them openly.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/** One message per character is enough for a reader; a binary file would give thousands. */
const MAX_CHARACTERS = 20;

export function checkText(text: string): readonly TextProblem[] {
  if (exceedsUtf8(text, MAX_TEXT)) {
    const size = text.length > MAX_TEXT * 4 ? 'much' : `${Math.ceil(utf8Length(text) / 1024)} KiB, which is`;
    const message = `the definition is ${size} more than the ${MAX_TEXT / 1024} KiB that are allowed; split it into several pipelines`;
    return [{ code: 'TEXT_TOO_LARGE', message, offset: 0 }];
  }
  const problems: TextProblem[] = [];
  for (const match of text.matchAll(HIDDEN)) {
    if (problems.length === MAX_CHARACTERS) break;
    const name = `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `the text holds the hidden character ${name}; remove it, or write it as an escape in double quotes`;
    problems.push({ code: 'CHARACTER_NOT_ALLOWED', message, offset: match.index });
  }
  return problems;
}
