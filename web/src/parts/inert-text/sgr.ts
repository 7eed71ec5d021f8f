import type { Colour, TextStyle } from './segment.ts';

/** By the last digit of the code. Black and white are the text's own colour: one of them is always unreadable. */
const BASIC: readonly (Colour | undefined)[] = [
  undefined,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  undefined,
];

/** Below this difference of its channels a colour looks grey. */
const GREY_SPREAD = 48;

/** The style after `ESC [ parameters m` (ECMA-48, 8.3.117); what is not known changes nothing. */
export function applySgr(style: TextStyle, parameters: string): TextStyle {
  // `38:2::1:2:3` is one parameter with parts, `38;2;1;2;3` five parameters.
  const codes = parameters.split(';').map(one => one.split(':').map(part => (part === '' ? 0 : Number(part))));
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const [code = 0, ...parts] = codes[at] ?? [];
    if (code === 38 || code === 48 || code === 58) {
      const given = parts.length > 0 ? partsOf(parts) : codes.slice(at + 1, at + 5).map(([first = 0]) => first);
      if (parts.length === 0) at += given[0] === 5 ? 2 : given[0] === 2 ? 4 : 0;
      if (code === 38) next = coloured(next, extended(given));
      if (code === 48) next = { ...next, filled: true };
    } else {
      next = applyCode(next, code);
    }
  }
  return next;
}

/** `38:2:<colour space>:r:g:b` has one part more than `38;2;r;g;b`. */
function partsOf(parts: readonly number[]): readonly number[] {
  return parts[0] === 2 && parts.length > 4 ? [2, ...parts.slice(2)] : parts;
}

function applyCode(style: TextStyle, code: number): TextStyle {
  const { colour, bold, faint, italic, underline, strike, filled, ...none } = style;
  const kept = {
    ...(colour && { colour }),
    ...(bold && { bold }),
    ...(faint && { faint }),
    ...(italic && { italic }),
    ...(underline && { underline }),
    ...(strike && { strike }),
    ...(filled && { filled }),
  };
  if (code === 0) return none;
  if (code === 1) return { ...kept, bold: true };
  if (code === 2) return { ...kept, faint: true };
  if (code === 3) return { ...kept, italic: true };
  if (code === 4 || code === 21) return { ...kept, underline: true };
  if (code === 7) return { ...kept, filled: true };
  if (code === 9) return { ...kept, strike: true };
  if (code === 22) return without(kept, ['bold', 'faint']);
  if (code === 23) return without(kept, ['italic']);
  if (code === 24) return without(kept, ['underline']);
  if (code === 27 || code === 49) return without(kept, ['filled']);
  if (code === 29) return without(kept, ['strike']);
  if (code === 39) return without(kept, ['colour']);
  if (code >= 30 && code <= 37) return coloured(kept, BASIC[code - 30]);
  if (code === 90) return coloured(kept, 'grey');
  if (code >= 91 && code <= 97) return coloured(kept, BASIC[code - 90]);
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { ...kept, filled: true };
  return style;
}

function without(style: TextStyle, names: readonly (keyof TextStyle)[]): TextStyle {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.some(one => one === name)));
}

function coloured(style: TextStyle, colour: Colour | undefined): TextStyle {
  const rest = without(style, ['colour']);
  return colour === undefined ? rest : { ...rest, colour };
}

/** `5;n` of the palette of 256, or `2;r;g;b`. */
function extended([kind, first = 0, second = 0, third = 0]: readonly number[]): Colour | undefined {
  if (kind === 2) return nearest(first, second, third);
  if (kind !== 5) return undefined;
  if (first < 8) return BASIC[first];
  if (first < 16) return first === 8 ? 'grey' : BASIC[first - 8];
  if (first >= 232) return first < 250 ? 'grey' : undefined;
  const cube = first - 16;
  const channel = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  return nearest(channel(Math.floor(cube / 36)), channel(Math.floor(cube / 6) % 6), channel(cube % 6));
}

/** By hue; the theme says how light. */
function nearest(red: number, green: number, blue: number): Colour | undefined {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < GREY_SPREAD) return most < 64 || most > 208 ? undefined : 'grey';
  const spread = most - least;
  const hue =
    most === red ? (green - blue) / spread : most === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
  // Sixths of the circle, each around its colour.
  const hues: readonly Colour[] = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'];
  return hues[Math.round((hue + 6) % 6) % 6];
}
