import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { VaultContext } from '../ports/vault.ts';

const ALGORITHM = 'aes-256-gcm';
/** Bytes, as NIST SP 800-38D wants them. */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Text under a key of 32 bytes, bound to its context: the box opens with both only. A nonce is used once per key. */
export function closeBox(key: Uint8Array, nonce: Uint8Array, context: VaultContext, secret: string): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bytesOf(context));
  return Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws {Error} `CannotOpen` when the box is damaged or belongs to another key or context. */
export function openBox(key: Uint8Array, nonce: Uint8Array, context: VaultContext, box: Uint8Array): string {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bytesOf(context));
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw cannotOpen(context, 'it is damaged, or was sealed for something else', cause);
  }
}

export function cannotOpen({ org, app }: VaultContext, reason: string, cause?: unknown): Error {
  const error = new Error(`a secret of app '${app}' in org '${org}' cannot be opened: ${reason}`, { cause });
  error.name = 'CannotOpen';
  return error;
}

/** Ids hold no `/`. */
const bytesOf = ({ org, app }: VaultContext): Uint8Array => Buffer.from(`${org}/${app}`);
