import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** 32 bytes each. What is hashed with in every request is a key object: made of bytes each time it costs as much as five hashes. */
export type Keys = {
  /** Seals page tokens. */
  readonly page: Uint8Array;
  /** Of the hashes of tokens: who reads the table, or writes into it, without it can neither test nor forge one. */
  readonly token: KeyObject;
  /** Of the fingerprints of request bodies, which may hold secrets. */
  readonly fingerprint: KeyObject;
};

/** Characters of the secret text that a deployment gives; they should be random. */
const LEAST_SECRET = 32;

/**
 * One key for each use from the deployment's one secret text: none of them tells anything about another.
 * https://www.rfc-editor.org/rfc/rfc5869
 */
export function deriveKeys(secret: string): Keys {
  if (secret.length < LEAST_SECRET) throw new Error(`the server's secret has less than ${LEAST_SECRET} characters`);
  const derive = (use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', `pipecall ${use}`, 32));
  return {
    page: derive('page tokens'),
    token: createSecretKey(derive('tokens')),
    fingerprint: createSecretKey(derive('fingerprints')),
  };
}
