import { KMSClient } from '@aws-sdk/client-kms';
import { createVault } from '../src/aws/vault.ts';
import type { Vault } from '../src/ports/vault.ts';

/** A file of its own, so that a function can load the client of KMS when it needs it. */
export const openVault = (keyId: string): Vault => createVault({ client: new KMSClient({}), keyId });
