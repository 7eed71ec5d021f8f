/**
 * Text as somebody who decodes it would read it, with the place in the original that each UTF-16 code unit stands for.
 * Looking for a secret in decoded text finds it however it was encoded: `%2f`, `%2F` and a bare `/` are one character here.
 */
export type View = {
  readonly text: string;
  /** Undefined: each code unit stands for itself. */
  readonly places: Places | undefined;
};

/** By code unit of the decoded text, in code units of the original. */
type Places = { readonly starts: readonly number[]; readonly ends: readonly number[] };

/** What stands at this place: the text it means and its length in the source. Undefined: itself. */
type ReadUnit = (source: string, at: number) => { readonly text: string; readonly length: number } | undefined;

type Decoder = { readonly occursIn: RegExp; readonly read: ReadUnit };

/** Percent-encoding (RFC 3986), of UTF-8. */
const PERCENT: Decoder = { occursIn: /%[0-9a-f]{2}/i, read: readPercent };

/** The same in a form: `+` is a space. https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
const FORM: Decoder = {
  occursIn: /\+/,
  read: (source, at) => (source[at] === '+' ? { text: ' ', length: 1 } : readPercent(source, at)),
};

/** Escapes of a JSON string (RFC 8259). */
const JSON_STRING: Decoder = { occursIn: /\\/, read: readEscape };

/** Base64 in lines of 76 characters (RFC 2045), or of 64 (RFC 7468): the breaks mean nothing. */
const LINES: Decoder = {
  occursIn: /[\r\n]/,
  read: (source, at) => (source[at] === '\n' || source[at] === '\r' ? { text: '', length: 1 } : undefined),
};

const DECODERS: readonly Decoder[] = [PERCENT, FORM, JSON_STRING, LINES];

const CHAINS: readonly (readonly Decoder[])[] = [
  [PERCENT],
  [PERCENT, PERCENT],
  [PERCENT, JSON_STRING],
  [FORM],
  [FORM, JSON_STRING],
  [JSON_STRING],
  [JSON_STRING, JSON_STRING],
  [JSON_STRING, PERCENT],
  [JSON_STRING, FORM],
  [JSON_STRING, LINES],
  [LINES],
];

/** The text itself, and every way to decode it that makes a difference. */
export function viewsOf(text: string): readonly View[] {
  const plain: View = { text, places: undefined };
  const views = [plain];
  // Chains that begin alike decode once.
  const known = new Map<string, View | undefined>();
  for (const chain of CHAINS) {
    let view: View | undefined = plain;
    let name = '';
    for (const decoder of chain) {
      name += DECODERS.indexOf(decoder);
      const before: View = view;
      view = known.has(name) ? known.get(name) : decode(before, decoder);
      known.set(name, view);
      if (view === undefined) break;
    }
    if (view !== undefined) views.push(view);
  }
  return views;
}

/** Undefined: there is nothing to decode. */
function decode(view: View, decoder: Decoder): View | undefined {
  const source = view.text;
  if (!decoder.occursIn.test(source)) return undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const unit = decoder.read(source, at) ?? { text: source.charAt(at), length: 1 };
    const last = at + unit.length - 1;
    for (let index = 0; index < unit.text.length; index += 1) {
      starts.push(view.places?.starts[at] ?? at);
      ends.push(view.places?.ends[last] ?? last + 1);
    }
    text += unit.text;
    at += unit.length;
  }
  return { text, places: { starts, ends } };
}

function readPercent(source: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const first = byteAt(source, at);
  if (first === undefined) return undefined;
  const count = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (count === 0) return undefined;
  let point = count === 1 ? first : first & (0x7f >> count);
  for (let index = 1; index < count; index += 1) {
    const next = byteAt(source, at + index * 3);
    if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (next & 0x3f);
  }
  return point > 0x10ffff ? undefined : { text: String.fromCodePoint(point), length: count * 3 };
}

function byteAt(source: string, at: number): number | undefined {
  if (source.charCodeAt(at) !== 0x25) return undefined;
  const high = hexOf(source.charCodeAt(at + 1));
  const low = hexOf(source.charCodeAt(at + 2));
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexOf(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readEscape(source: string, at: number): { readonly text: string; readonly length: number } | undefined {
  if (source[at] !== '\\') return undefined;
  const letter = source.charAt(at + 1);
  if (letter !== 'u') {
    const text = ESCAPES[letter];
    return text === undefined ? undefined : { text, length: 2 };
  }
  const digits = source.slice(at + 2, at + 6);
  return /^[0-9a-f]{4}$/i.test(digits)
    ? { text: String.fromCharCode(Number.parseInt(digits, 16)), length: 6 }
    : undefined;
}
