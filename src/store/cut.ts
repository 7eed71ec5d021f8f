/**
 * Texts that steps bring into a record (messages, names) are cut there: a record is one item, and one item holds 400 KiB
 * however talkative its 100 steps are.
 */
export const MESSAGE_BYTES = 2_000;
export const NAME_BYTES = 400;

/** `text`, or its beginning with a mark when it has more than `bytes` bytes of UTF-8. */
export function cut(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  const size = Buffer.byteLength(text);
  if (size <= bytes) return text;
  const mark = `… (cut: ${size} bytes)`;
  const kept = Buffer.from(text).subarray(0, bytes - Buffer.byteLength(mark));
  // What is left of a character that the cut went through decodes to U+FFFD.
  return `${kept.toString('utf8').replace(/\uFFFD+$/, '')}${mark}`;
}
