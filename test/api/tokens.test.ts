import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashToken, makeToken, subjectOfToken } from '../../src/api/tokens.ts';
import { systemIds } from '../../src/aws/ids.ts';

const USER = '0b5e7c1a-93f4-4d0e-8a37-2f6c9b1d4e58';

describe('tokens', () => {
  test.each([USER, `s-${USER}`])('say whose they are: %s', subject => {
    const token = makeToken(subject, systemIds);
    expect(token).toMatch(/^pcl_[us][A-Za-z0-9_-]{65}$/);
    expect(subjectOfToken(token)).toBe(subject);
  });

  test('of one subject differ', () => {
    expect(makeToken(USER, systemIds)).not.toBe(makeToken(USER, systemIds));
  });

  test.each(['', 'g-0b5e7c1a-93f4-4d0e-8a37-2f6c9b1d4e58', 'x', USER.toUpperCase(), `${USER}0`])(
    'are not made for %j',
    subject => {
      expect(() => makeToken(subject, systemIds)).toThrow('no id of a user');
    },
  );

  test.each([
    '',
    'pcl_',
    'secret',
    `pcl_x${'A'.repeat(65)}`,
    `pcl_u${'A'.repeat(64)}`,
    `pcl_u${'A'.repeat(66)}`,
    `pcl_u${'A'.repeat(64)}=`,
    `PCL_u${'A'.repeat(65)}`,
  ])('are not %j', token => {
    expect(subjectOfToken(token)).toBeUndefined();
  });

  test('are kept as a hash that names its scheme', () => {
    // printf abc | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '00%.0s' $(seq 32))
    expect(hashToken('abc', createSecretKey(new Uint8Array(32)))).toBe(
      'hmac-sha256-fd7adb152c05ef80dccf50a1fa4c05d5a3ec6da95575fc312ae7c5d091836351',
    );
  });
});
