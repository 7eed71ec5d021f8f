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
type Places = { readonly starts: Int32Array; readonly ends: Int32Array };

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

/** The alphabet of base64 for URLs (RFC 4648, section 5), in the other one. */
const BASE64URL: Decoder = {
  occursIn: /[-_]/,
  read: (source, at) =>
    source[at] === '-' ? { text: '+', length: 1 } : source[at] === '_' ? { text: '/', length: 1 } : undefined,
};

/** Character references of HTML, the ones that escaping makes and those by number. */
const HTML: Decoder = { occursIn: /&(?:#|lt;|gt;|amp;|quot;|apos;)/i, read: readReference };

const DECODERS: readonly Decoder[] = [PERCENT, FORM, JSON_STRING, LINES, BASE64URL, HTML];

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
  [HTML],
  [HTML, JSON_STRING],
  [JSON_STRING, HTML],
  [BASE64URL],
  [LINES, BASE64URL],
  [JSON_STRING, LINES, BASE64URL],
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

/** Undefined: there is nothing to decode. What is decoded is never longer than it was. */
function decode(view: View, decoder: Decoder): View | undefined {
  const source = view.text;
  if (!decoder.occursIn.test(source)) return undefined;
  const codes = new Uint16Array(source.length);
  const starts = new Int32Array(source.length);
  const ends = new Int32Array(source.length);
  let length = 0;
  const put = (code: number, from: number, to: number): void => {
    codes[length] = code;
    starts[length] = view.places === undefined ? from : (view.places.starts[from] ?? 0);
    ends[length] = view.places === undefined ? to : (view.places.ends[to - 1] ?? 0);
    length += 1;
  };
  let at = 0;
  while (at < source.length) {
    const unit = decoder.read(source, at);
    if (unit === undefined) put(source.charCodeAt(at), at, at + 1);
    else
      for (let index = 0; index < unit.text.length; index += 1) put(unit.text.charCodeAt(index), at, at + unit.length);
    at += unit?.length ?? 1;
  }
  return { text: textOf(codes.subarray(0, length)), places: { starts, ends } };
}

/** Code units as they are, halves of surrogate pairs too, which a decoder of UTF-16 would replace. */
function textOf(codes: Uint16Array): string {
  let text = '';
  for (let at = 0; at < codes.length; at += 8_192) text += String.fromCharCode(...codes.subarray(at, at + 8_192));
  return text;
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

const REFERENCES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** `&lt;`, `&#60;`, `&#x3c;` */
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/iy;

function readReference(source: string, at: number): { readonly text: string; readonly length: number } | undefined {
  if (source[at] !== '&') return undefined;
  REFERENCE.lastIndex = at;
  const found = REFERENCE.exec(source);
  if (found === null) return undefined;
  const [{ length }, decimal, hex, name] = found;
  if (name !== undefined) return { text: REFERENCES[name.toLowerCase()] ?? name, length };
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return point > 0x10ffff ? undefined : { text: String.fromCodePoint(point), length };
}
