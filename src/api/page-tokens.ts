import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Cursor } from '../ports/table.ts';

/**
 * A page token is a storage cursor, encrypted and authenticated (AES-256-GCM) with the caller and the query as
 * associated data: it cannot be read, changed, or used by another caller or for another query.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `nonce`: 12 random bytes, new for each token. */
export function sealCursor(key: Uint8Array, nonce: Uint8Array, binding: string, cursor: Cursor): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(binding));
  const sealed = [cipher.update(JSON.stringify(cursor), 'utf8'), cipher.final()];
  return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
}

/** Undefined: it was not sealed with this key for this binding. */
export function openCursor(key: Uint8Array, binding: string, token: string): Cursor | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(binding));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    // The only thing that `final` can object to is the tag: a forged token is an answer, not a fault.
    return undefined;
  }
  return JSON.parse(text.toString('utf8')) as Cursor; // as: the tag proves that we wrote it
}
