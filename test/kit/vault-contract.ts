import { describe, expect, test } from 'vitest';
import type { Vault } from '../../src/ports/vault.ts';

const ACME = { org: 'acme', app: 'shop' };

const SECRETS: readonly (readonly [title: string, secret: string])[] = [
  ['nothing', ''],
  ['one character', 'x'],
  ['a key of several lines', '-----BEGIN KEY-----\r\nMIIE\n-----END KEY-----\n'],
  ['what is beyond ASCII', 'pä$$wörd ✓ 🔑 \u0000'],
  ['256 KiB', 's'.repeat(256 * 1_024)],
];

/** What every adapter of the port `vault` does. `open`: a vault that no other one knows the key of. */
export function vaultContract(open: () => Promise<Vault> | Vault): void {
  describe('vault', () => {
    test.each(SECRETS)('opens what it sealed: %s', async (_, secret) => {
      const vault = await open();
      expect(await vault.open(ACME, await vault.seal(ACME, secret))).toBe(secret);
    });

    test('what it sealed is text without the secret in it', async () => {
      const vault = await open();
      const sealed = await vault.seal(ACME, 'a well-known secret');
      expect(sealed).toMatch(/^[a-z]+1(?:\.[A-Za-z0-9_-]+)+$/);
      for (const part of sealed.split('.')) {
        expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('well-known');
      }
    });

    test('the same secret never looks the same twice', async () => {
      const vault = await open();
      const sealed = await Promise.all([1, 2, 3].map(() => vault.seal(ACME, 'the same')));
      expect(new Set(sealed)).toHaveLength(3);
    });

    test.each([
      { org: 'acme', app: 'blog' },
      { org: 'rival', app: 'shop' },
      { org: 'shop', app: 'acme' },
    ])('opens for its own app only, not for $org/$app', async context => {
      const vault = await open();
      const sealed = await vault.seal(ACME, 'a secret');
      await expect(vault.open(context, sealed)).rejects.toMatchObject({ name: 'CannotOpen' });
    });

    test('refuses what another vault sealed', async () => {
      const [vault, other] = [await open(), await open()];
      await expect(vault.open(ACME, await other.seal(ACME, 'a secret'))).rejects.toMatchObject({ name: 'CannotOpen' });
    });

    test('refuses what was changed, in whatever part', async () => {
      const vault = await open();
      const parts = (await vault.seal(ACME, 'a secret')).split('.');
      for (const [index, part] of parts.entries()) {
        for (const damaged of [part.slice(0, -4), '', `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}`]) {
          const sealed = parts.with(index, damaged).join('.');
          await expect(vault.open(ACME, sealed), sealed).rejects.toMatchObject({ name: 'CannotOpen' });
        }
      }
    });

    test.each(['', 'x', '....', 'a secret', 'kms1', 'local1', 'kms1.a.b', 'local1.a', 'kms1.a.b.c.d', 'local1.a.b.c'])(
      'refuses what nobody sealed: %j',
      async sealed => {
        await expect((await open()).open(ACME, sealed)).rejects.toMatchObject({ name: 'CannotOpen' });
      },
    );

    test('an error does not hold what was sealed', async () => {
      const vault = await open();
      const sealed = await vault.seal(ACME, 'a secret');
      const error: unknown = await vault.open({ ...ACME, app: 'blog' }, sealed).catch((caught: unknown) => caught);
      expect(String(error)).not.toContain(sealed.slice(10, 30));
    });
  });
}
