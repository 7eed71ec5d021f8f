/** Characters below which a line of a larger secret, or a piece of its base64, is too common to be masked. */
const LEAST = 4;

/**
 * The texts that give a secret away when they stand in decoded text (see `views.ts`): the secret, the lines of one that has
 * several, what base64 makes of them, and what others make of them without being asked.
 */
export function* formsOf(secret: string): Generator<string> {
  const lines = secret.split(/\r\n|\r|\n/);
  const parts = lines.length === 1 ? [] : lines.map(line => line.trim()).filter(line => line.length >= LEAST);
  for (const part of [secret, ...parts]) {
    if (part === '') continue;
    yield part;
    yield* respelled(part);
    // As in a quotation that has to fit one line.
    yield part.replace(/\s+/g, ' ').trim();
    // Base64 of several lines holds what base64 makes of each of them.
    if (part === secret && parts.length > 0) continue;
    yield* base64Forms(part);
    // What `toJSON` made of it before it was encoded.
    const escaped = JSON.stringify(part).slice(1, -1);
    if (escaped !== part) yield* base64Forms(escaped);
  }
}

/** As it comes out of a URL's host, which has no capitals, and of a reader that took it for a number. */
function* respelled(part: string): Generator<string> {
  if (part.length >= LEAST) yield part.toLowerCase();
  const number = String(Number(part));
  if (number.length >= LEAST && part.trim() !== '' && Number.isFinite(Number(part))) yield number;
}

/**
 * Base64 writes three bytes as four characters. What stands before a secret decides at which of three places it begins, and
 * the characters that it shares with its neighbours depend on those; the ones between depend on the secret alone.
 */
function* base64Forms(text: string): Generator<string> {
  const bytes = Buffer.from(text, 'utf8');
  const alone = bytes.toString('base64');
  if (alone.length >= LEAST) yield alone;
  // Some leave the padding out.
  const bare = alone.replace(/=+$/, '');
  if (bare.length >= LEAST) yield bare;
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (own.length >= LEAST) yield own;
  }
}
