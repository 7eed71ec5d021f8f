import { KMSClient } from '@aws-sdk/client-kms';
import { afterEach, expect, test } from 'vitest';
import { createVault } from '../../src/aws/vault.ts';
import type { Vault } from '../../src/ports/vault.ts';
import { type StandInKms, startKms } from '../kit/stand-in-kms.ts';
import { vaultContract } from '../kit/vault-contract.ts';

const CONTEXT = { org: 'acme', app: 'shop' };

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function openVault(keyId = 'the-key'): Promise<{ readonly vault: Vault; readonly kms: StandInKms }> {
  const kms = await startKms('the-key');
  const client = new KMSClient({
    endpoint: kms.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  opened.push(kms, { close: () => client.destroy() });
  return { vault: createVault({ client, keyId }), kms };
}

vaultContract(async () => (await openVault()).vault);

test('one call of KMS each, and no other than these two', async () => {
  const { vault, kms } = await openVault();
  const sealed = await vault.seal(CONTEXT, 'a secret');
  expect(kms.calls).toEqual(['GenerateDataKey']);
  await vault.open(CONTEXT, sealed);
  expect(kms.calls).toEqual(['GenerateDataKey', 'Decrypt']);
});

test('trouble with KMS is no fault of the sealed text', async () => {
  const { vault } = await openVault();
  const sealed = await vault.seal(CONTEXT, 'a secret');
  const { vault: without } = await openVault('another-key');
  await expect(without.open(CONTEXT, sealed)).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(without.seal(CONTEXT, 'a secret')).rejects.toMatchObject({ name: 'NotFoundException' });
});
