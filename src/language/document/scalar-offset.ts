import { Scalar } from 'yaml';

/** By scalar: for each code unit of its value, where that stands in the text. A scalar may have many problems. */
const maps = new WeakMap<Scalar, Uint32Array>();

/**
 * Where a place of a string is in the text it was read from. Folding, indentation and escapes change white space only,
 * so the n-th visible character of the value is the n-th visible character of the source, in each of YAML's five styles.
 */
export function scalarOffset(text: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  if (typeof scalar.value !== 'string') return start;
  const map = maps.get(scalar) ?? mapOffsets(text, scalar.type, contentOf(text, scalar.type, start, end), scalar.value);
  maps.set(scalar, map);
  return map[offset] ?? end;
}

type Span = { readonly from: number; readonly to: number };

/** Without quotes and without the header line of a block (`|2- # comment`). */
function contentOf(text: string, style: string | undefined, start: number, end: number): Span {
  if (style === Scalar.QUOTE_SINGLE || style === Scalar.QUOTE_DOUBLE) return { from: start + 1, to: end - 1 };
  if (style !== Scalar.BLOCK_LITERAL && style !== Scalar.BLOCK_FOLDED) return { from: start, to: end };
  const header = text.indexOf('\n', start);
  return { from: header < 0 ? end : header + 1, to: end };
}

/** White space of the value is placed at the next visible character. */
function mapOffsets(text: string, style: string | undefined, { from, to }: Span, value: string): Uint32Array {
  const map = new Uint32Array(value.length + 1).fill(to);
  let unit = 0;
  for (let at = from; at < to; ) {
    const piece = read(text, style, at);
    for (const character of piece.value) {
      if (isWhite(character)) continue;
      for (; unit < value.length && isWhite(value.charAt(unit)); unit += 1) map[unit] = at;
      map.fill(at, unit, unit + character.length);
      unit += character.length;
    }
    at += piece.length;
  }
  return map;
}

/** The next piece of the source and what it stands for. */
function read(text: string, style: string | undefined, at: number): { value: string; length: number } {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (style === Scalar.QUOTE_SINGLE && character === "'") return { value: character, length: 2 };
  if (style === Scalar.QUOTE_DOUBLE && character === '\\') return readEscape(text, at);
  return { value: character, length: character.length };
}

/** Hexadecimal digits after `\x`, `\u` and `\U` (YAML 1.2, section 5.7). */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Escapes that stand for white space, and `\` at the end of a line, which stands for nothing. */
const WHITE_ESCAPES = 'tnvfr \t\n\r_LP';

function readEscape(text: string, at: number): { value: string; length: number } {
  const kind = text[at + 1] ?? '';
  const digits = DIGITS[kind];
  if (digits === undefined) return { value: WHITE_ESCAPES.includes(kind) ? '' : '.', length: 2 };
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: 2 + digits };
}

/** The common ones without an expression: this runs for every character before a problem. */
function isWhite(character: string): boolean {
  return character <= ' ' || (character > '\x7f' && /^\s$/.test(character));
}
