import { readAnsi } from '../inert-text/read-ansi.ts';
import { shownText } from '../inert-text/segment.ts';
import type { LogLine } from './log-line.ts';
import type { LogRow } from './log-rows.ts';

/** `row`: index of the row; `start`, `end`: in the text as it is shown. */
export type LogHit = { readonly row: number; readonly start: number; readonly end: number };

/** A search for `e` in a large log may not fill the memory. */
export const MAX_HITS = 5_000;

/** Lines never change, so each is read once. */
const shown = new WeakMap<LogLine, string>();

export function shownLine(line: LogLine): string {
  const known = shown.get(line);
  if (known !== undefined) return known;
  const text = shownText(readAnsi(line.message));
  shown.set(line, text);
  return text;
}

/** Where the words stand, in upper or lower case; at most `MAX_HITS`. */
export function findHits(rows: readonly LogRow[], words: string): readonly LogHit[] {
  if (words === '') return [];
  const pattern = new RegExp(words.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'giu');
  const hits: LogHit[] = [];
  for (const [row, found] of rows.entries()) {
    if (found.kind !== 'line') continue;
    for (const match of shownLine(found.line).matchAll(pattern)) {
      hits.push({ row, start: match.index, end: match.index + match[0].length });
      if (hits.length === MAX_HITS) return hits;
    }
  }
  return hits;
}
