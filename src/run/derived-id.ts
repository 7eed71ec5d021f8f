import { createHash } from 'node:crypto';

/** A UUID of version 8 (RFC 9562, section 5.8): the same for the same text, whoever asks again after a crash. */
export function derivedId(text: string): string {
  return uuidOf(createHash('sha256').update(text).digest(), 8);
}

/** A UUID of version 7 that says this time (milliseconds since the epoch) and is the same for the same text. */
export function derivedOrderedId(at: number, text: string): string {
  const hash = createHash('sha256').update(text).digest();
  hash.writeUIntBE(at, 0, 6);
  return uuidOf(hash, 7);
}

function uuidOf(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
