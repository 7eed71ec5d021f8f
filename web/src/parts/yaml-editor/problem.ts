/** A mistake in the text, as the API reports it. Lines and columns from 1; without an end it is one word. */
export type Problem = {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
};

/** Offsets of a problem in a text that may have changed since; never empty, so that there is something to underline. */
export function problemRange(
  text: string,
  { line, column, endLine, endColumn }: Problem,
): { readonly from: number; readonly to: number } {
  const from = offsetOf(text, line, column);
  if (endLine !== undefined && endColumn !== undefined) {
    return { from, to: Math.max(offsetOf(text, endLine, endColumn), Math.min(from + 1, text.length)) };
  }
  const word = /^[^\s:,[\]{}]+/.exec(text.slice(from, from + 200))?.[0].length ?? 1;
  return { from, to: Math.min(from + word, text.length) };
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const next = text.indexOf('\n', start);
    if (next === -1) return text.length;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + column - 1, end === -1 ? text.length : end);
}
