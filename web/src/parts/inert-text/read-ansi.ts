import { markText, type Segment, shownText, type TextStyle } from './segment.ts';
import { applySgr } from './sgr.ts';

/** Past this many the rest of a text is one segment: a hostile line may not be a hundred thousand elements. */
export const MAX_SEGMENTS = 400;

/** Accents that may stand on one character; more of them would climb over the lines around. */
const MAX_ACCENTS = 4;

/**
 * Escape sequences (ECMA-48): `ESC [ … letter`; strings such as `ESC ] … BEL` (titles, links); anything else of two or
 * three characters. A string that never ends is no sequence: what follows it stays visible.
 */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /(?:\u001b\[|\u009b)(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-OQ-WYZ\\`-~]/y;

/** Characters that are not seen, or that change the order of those around. */
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]$/u;

/** Worth a closer look; all others are text. */
const SPECIAL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const PICTURE = /^\p{Extended_Pictographic}$/u;
/** Scripts whose words need the joiners U+200C and U+200D. */
const JOINING =
  /^[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Syriac}\p{Script=Mongolian}]$/u;

/** A text that a user controls, as segments that can do nothing: no escape sequence and no unseen character is left. */
export function readAnsi(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let style: TextStyle = {};
  let pending = '';
  let accents = 0;

  const flush = () => {
    if (pending !== '') segments.push({ kind: 'text', text: pending, style });
    pending = '';
  };
  // One step adds two segments at most, and the end one more.
  const isFull = () => segments.length > MAX_SEGMENTS - 3;
  const mark = (code: number) => {
    const last = segments.at(-1);
    if (pending === '' && last?.kind === 'mark' && last.code === code) {
      segments[segments.length - 1] = { ...last, times: last.times + 1 };
    } else if (isFull()) {
      pending += markText(code, 1);
    } else {
      flush();
      segments.push({ kind: 'mark', code, times: 1 });
    }
  };

  let at = 0;
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const found = SPECIAL.exec(text);
    const next = found?.index ?? text.length;
    if (next > at) accents = 0;
    pending += text.slice(at, next);
    if (found === null) break;
    const [character] = found;
    const code = character.codePointAt(0) ?? 0;
    ESCAPE.lastIndex = next;
    const sequence = ESCAPE.exec(text);
    if (sequence !== null) {
      const { parameters = '', final } = sequence.groups ?? {};
      if (final === 'm' && /^[0-9;:]*$/.test(parameters) && !isFull()) {
        const changed = applySgr(style, parameters);
        flush();
        style = changed;
      }
      at = next + sequence[0].length;
      continue;
    }
    at = next + character.length;
    if (character === '\n' || character === '\t') pending += character;
    else if (character === '\r' && (at === text.length || text[at] === '\n')) continue;
    else if (/\p{M}/u.test(character) && !UNSEEN.test(character)) {
      accents += 1;
      if (accents <= MAX_ACCENTS) pending += character;
      else mark(code);
    } else if (isNeeded(text, next, at, code)) pending += character;
    else mark(code);
  }
  flush();
  return segments;
}

/** Unseen characters that a word or a picture is written with. */
function isNeeded(text: string, start: number, end: number, code: number): boolean {
  const before = characterBefore(text, start);
  const after = text.codePointAt(end);
  const next = after === undefined ? '' : String.fromCodePoint(after);
  if (code === 0xfe0f) return PICTURE.test(before) || /[0-9#*]/.test(before);
  if (code === 0x200d && PICTURE.test(next)) return PICTURE.test(before) || before === '\ufe0f';
  return (code === 0x200c || code === 0x200d) && JOINING.test(before) && JOINING.test(next);
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff;
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

/** Where there is room for text only: titles of tabs, tooltips, names of controls. */
export const inertText = (text: string): string => shownText(readAnsi(text));
