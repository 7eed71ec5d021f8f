import { describe, expect, test } from 'vitest';
import { deriveKeys } from '../../src/api/keys-of.ts';
import { openCursor, sealCursor } from '../../src/api/page-tokens.ts';

const key = deriveKeys('a secret of a deployment, long enough').page;
const nonce = Buffer.alloc(12, 7);
const cursor = { pk: 'RUNS#acme/shop/deploy', sk: '0190' };
const token = sealCursor(key, nonce, 'alice /runs', cursor);

describe('a page token', () => {
  test('opens for what it was sealed for', () => {
    expect(openCursor(key, 'alice /runs', token)).toEqual(cursor);
  });

  test('shows nothing of what is in it', () => {
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('RUNS');
  });

  test('does not open for another caller, query or key', () => {
    expect(openCursor(key, 'bob /runs', token)).toBeUndefined();
    expect(openCursor(key, 'alice /pipelines', token)).toBeUndefined();
    expect(openCursor(deriveKeys('another secret of a deployment, long').page, 'alice /runs', token)).toBeUndefined();
  });

  test('does not open when any byte of it was changed', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const forged = Buffer.from(bytes);
      forged[index] = (forged[index] ?? 0) ^ 1;
      expect(openCursor(key, 'alice /runs', forged.toString('base64url'))).toBeUndefined();
    }
  });

  test.each(['', 'x', 'AAAA', token.slice(0, -4), `${token}AAAA`, Buffer.from('{"pk":"a"}').toString('base64')])(
    'is not %j',
    text => {
      expect(openCursor(key, 'alice /runs', text)).toBeUndefined();
    },
  );

  test('needs a secret that cannot be guessed', () => {
    expect(() => deriveKeys('short')).toThrow('less than 32 characters');
  });
});
