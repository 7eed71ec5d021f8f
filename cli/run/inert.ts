/** Escape sequences of a terminal (ECMA-48): `ESC [ … letter`, strings such as `ESC ] … BEL`, and short ones. */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-OQ-WYZ\\`-~]/g;

/** What is not seen or changes the order of what is around; not those that words and pictures are written with. */
const UNSEEN = /(?!\u200c|\u200d|\ufe0f|\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text that somebody else wrote, for a terminal: it can colour, move, reorder and hide nothing. Lines stay lines. */
export function inert(text: string): string {
  return text
    .replaceAll(/\r\n/g, '\n')
    .replaceAll(ESCAPE, '')
    .replaceAll(UNSEEN, character => {
      const code = character.codePointAt(0) ?? 0;
      return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
    });
}

/** On one line. */
export const inertLine = (text: string): string => inert(text).replaceAll(/\n+/g, ' ');

/** JSON text that means the same and holds nothing unseen. */
export function inertJson(json: string): string {
  return json.replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, character =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
