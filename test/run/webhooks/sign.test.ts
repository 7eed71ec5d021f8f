import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { MOST_TRIES, nextTry, PAUSES } from '../../../src/run/webhooks/back-off.ts';
import { makeSecret, SECRET_BYTES, signatureHeaders } from '../../../src/run/webhooks/sign.ts';
import '../../kit/seed.ts';

const bytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });

test('a signature is the one that the package of Standard Webhooks makes, whatever the body', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[^.]+$/),
      fc.integer({ min: 0, max: 4e12 }),
      (random, body, id, at) => {
        const secret = makeSecret(random);
        const headers = signatureHeaders({ id, at, body }, [secret]);
        expect(headers['webhook-id']).toBe(id);
        expect(headers['webhook-timestamp']).toBe(String(Math.floor(at / 1_000)));
        expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, new Date(at), body));
      },
    ),
  );
});

test('one signature for each secret, separated by blanks', () => {
  const secrets = [1, 2].map(fill => makeSecret(new Uint8Array(SECRET_BYTES).fill(fill)));
  const { 'webhook-signature': signatures = '' } = signatureHeaders({ id: 'a', at: 0, body: '{}' }, secrets);
  expect(signatures.split(' ')).toEqual(secrets.map(secret => new Webhook(secret).sign('a', new Date(0), '{}')));
});

test('a secret is of the form that Standard Webhooks asks for', () => {
  expect(makeSecret(new Uint8Array(SECRET_BYTES))).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});

test('attempts come at the recommended times, a tenth earlier or later, and end', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: MOST_TRIES + 2 }),
      (random, tries) => {
        const next = nextTry(tries, 1_000, random);
        const pause = PAUSES[tries - 1];
        if (pause === undefined) {
          expect(next).toBeUndefined();
          return;
        }
        expect(next).toBeGreaterThanOrEqual(1_000 + Math.floor(pause * 0.9));
        expect(next).toBeLessThanOrEqual(1_000 + Math.ceil(pause * 1.1));
      },
    ),
  );
  expect(MOST_TRIES).toBe(10);
  expect(PAUSES.map(pause => pause / 1_000)).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
});
