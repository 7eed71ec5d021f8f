import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { Vault, VaultContext } from '../ports/vault.ts';
import { cannotOpen, closeBox, NONCE_BYTES, openBox } from './sealed-box.ts';

export type VaultOptions = {
  readonly client: KMSClient;
  /** Id or ARN of the KMS key that data keys are sealed with. */
  readonly keyId: string;
};

/** Says how the rest is to be read; a later form gets another one. */
const FORM = 'kms1';

/**
 * The `vault` port over AWS KMS: each secret has a data key of its own, which only KMS can open, for the same tenant, and
 * which is nowhere kept in the clear. https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function createVault({ client, keyId }: VaultOptions): Vault {
  return {
    async seal(context, secret) {
      const { Plaintext: key, CiphertextBlob: sealedKey } = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: namesOf(context) }),
      );
      if (key === undefined || sealedKey === undefined) throw new Error('KMS answered without a data key');
      const nonce = randomBytes(NONCE_BYTES);
      const box = closeBox(key, nonce, context, secret);
      key.fill(0);
      return [FORM, ...[sealedKey, nonce, box].map(bytes => Buffer.from(bytes).toString('base64url'))].join('.');
    },
    async open(context, sealed) {
      const [form, ...parts] = sealed.split('.');
      const [sealedKey, nonce, box] = parts.map(part => Buffer.from(part, 'base64url'));
      if (form !== FORM || sealedKey === undefined || nonce === undefined || box === undefined || parts.length > 3) {
        throw cannotOpen(context, `it is not of the form ${FORM}`);
      }
      const key = await openKey(client, keyId, context, sealedKey);
      try {
        return openBox(key, nonce, context, box);
      } finally {
        key.fill(0);
      }
    },
  };
}

async function openKey(
  client: KMSClient,
  keyId: string,
  context: VaultContext,
  sealedKey: Uint8Array,
): Promise<Uint8Array> {
  const command = new DecryptCommand({
    KeyId: keyId,
    CiphertextBlob: sealedKey,
    EncryptionContext: namesOf(context),
  });
  try {
    const { Plaintext: key } = await client.send(command);
    if (key === undefined) throw new Error('KMS opened a data key and did not answer it');
    return key;
  } catch (error) {
    // Another context than it was sealed for is the same to KMS as damage.
    if (error instanceof InvalidCiphertextException) throw cannotOpen(context, 'KMS refuses its data key', error);
    throw error;
  }
}

/** It stands readable in CloudTrail: ids, nothing else. */
const namesOf = ({ org, app }: VaultContext) => ({ org, app });
