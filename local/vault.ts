import { hkdfSync, randomBytes } from 'node:crypto';
import { cannotOpen, closeBox, NONCE_BYTES, openBox } from '../src/aws/sealed-box.ts';
import type { Vault, VaultContext } from '../src/ports/vault.ts';

/** Says how the rest is to be read. */
const FORM = 'local1';

/** The `vault` port with one key of 32 bytes, which lies in the data folder; each app has a key derived from it. */
export function createVault(key: Uint8Array): Vault {
  const keyOf = ({ org, app }: VaultContext): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', key, '', `pipecall vault ${org}/${app}`, 32));
  return {
    async seal(context, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const box = closeBox(keyOf(context), nonce, context, secret);
      return `${FORM}.${nonce.toString('base64url')}.${box.toString('base64url')}`;
    },
    async open(context, sealed) {
      const [form, nonce, box, ...more] = sealed.split('.');
      if (form !== FORM || nonce === undefined || box === undefined || more.length > 0) {
        throw cannotOpen(context, `it is not of the form ${FORM}`);
      }
      return openBox(keyOf(context), Buffer.from(nonce, 'base64url'), context, Buffer.from(box, 'base64url'));
    },
  };
}
