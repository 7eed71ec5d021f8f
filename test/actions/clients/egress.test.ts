import { expect, test } from 'vitest';
import { judgeAddress, parseRange } from '../../../src/actions/clients/egress.ts';
import { addresses, malformedRanges, opened } from '../../fixtures/actions/egress-addresses.ts';

test.each(addresses)('%s: %s', (address, refused) => {
  expect(judgeAddress(address, [])).toEqual({ allowed: refused === undefined, reason: refused ?? 'public' });
});

test.each(opened)('%s with %s allowed: %s', (address, allowed, open) => {
  expect(judgeAddress(address, allowed.map(parseRange)).allowed).toBe(open);
});

test.each(malformedRanges)('%j is not a range', cidr => {
  expect(() => parseRange(cidr)).toThrow(`${JSON.stringify(cidr)} is not an address range`);
});
