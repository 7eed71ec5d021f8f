/** Colours by name, so that a theme can give each one enough contrast. Absent: the colour of the text around. */
export const COLOURS = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

export type Colour = (typeof COLOURS)[number];

/** What of SGR is shown. Concealed and blinking text is shown as any other: nothing may hide. */
export type TextStyle = {
  readonly colour?: Colour;
  readonly bold?: true;
  readonly faint?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  /** It had a background or was inverse: set off from the text around, in one neutral colour. */
  readonly filled?: true;
};

export type Segment =
  | { readonly kind: 'text'; readonly text: string; readonly style: TextStyle }
  /** A character that nobody could see, `times` in a row. */
  | { readonly kind: 'mark'; readonly code: number; readonly times: number };

/** What a reader sees of a character that cannot be seen. */
export function markText(code: number, times: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return times === 1 ? `⟦${name}⟧` : `⟦${name} ×${times}⟧`;
}

/** What is searched and copied: the text as it is shown. */
export function shownText(segments: readonly Segment[]): string {
  return segments.map(one => (one.kind === 'text' ? one.text : markText(one.code, one.times))).join('');
}
