import { createHash, timingSafeEqual } from 'node:crypto';

/** What the path of a callback's URL holds: where the callback is, and a secret that only this URL has. */
export type CallbackToken = { readonly run: string; readonly id: string; readonly secret: Uint8Array };

/** Bytes of randomness: nobody guesses them, so that a hash without a key tells nothing about them. */
export const SECRET_BYTES = 32;

const ID_BYTES = 16;
const BYTES = 2 * ID_BYTES + SECRET_BYTES;

export function printToken({ run, id, secret }: CallbackToken): string {
  return Buffer.concat([bytesOf(run), bytesOf(id), secret]).toString('base64url');
}

/** Undefined: it is no token of ours. */
export function readToken(text: string): CallbackToken | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Other spellings of the same bytes are no token either.
  if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return undefined;
  return { run: idOf(bytes, 0), id: idOf(bytes, ID_BYTES), secret: bytes.subarray(2 * ID_BYTES) };
}

export const hashSecret = (secret: Uint8Array): string => createHash('sha256').update(secret).digest('base64url');

/** Is the hash of this secret one of these? Takes as long for each of them, whether it is like it or not. */
export function isKnownSecret(secret: Uint8Array, hashes: readonly string[]): boolean {
  const wanted = Buffer.from(hashSecret(secret));
  return hashes.map(hash => timingSafeEqual(Buffer.from(hash), wanted)).includes(true);
}

const bytesOf = (uuid: string): Uint8Array => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const idOf = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
