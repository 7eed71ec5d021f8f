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
    // printf abc | sha256sum
    expect(hashToken('abc')).toBe('sha256-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
