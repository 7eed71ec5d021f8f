import { expect, test } from 'vitest';
import { exhaustedUntil, pause, retryAt } from '../../../src/actions/remote/pace.ts';

test('looks are 5 s apart at first, and never more than 60 s', () => {
  expect([0, 1, 2, 5, 6, 7, 100, 100_000].map(pause)).toEqual([
    5_000, 7_500, 11_250, 37_968.75, 56_953.125, 60_000, 60_000, 60_000,
  ]);
});

const NOW = 1_900_000_000_000;
const at = (seconds: number) => String(NOW / 1_000 + seconds);

test.each([
  [{ 'retry-after': '30' }, 30],
  [{ 'retry-after': '30', 'x-ratelimit-reset': at(90) }, 30],
  [{ 'x-ratelimit-reset': at(90) }, 90],
  [{ 'ratelimit-reset': at(90) }, 90],
  [{}, 60],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 60],
  [{ 'retry-after': '0' }, 1],
  [{ 'x-ratelimit-reset': at(-5) }, 1],
  [{ 'retry-after': '99999999' }, 3_600],
  [{ 'x-ratelimit-reset': 'soon' }, 60],
])('refused with %j: again in %i s', (headers, seconds) => {
  expect(retryAt(headers as Record<string, string>, NOW)).toBe(NOW + seconds * 1_000);
});

test.each([
  [{}, undefined],
  [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': at(90) }, undefined],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': at(90) }, 90],
  [{ 'ratelimit-remaining': '0', 'ratelimit-reset': at(90) }, 90],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': at(-1) }, undefined],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': at(1e9) }, 3_600],
  [{ 'x-ratelimit-remaining': '0' }, undefined],
])('answered with %j: nothing for %s s', (headers, seconds) => {
  expect(exhaustedUntil(headers as Record<string, string>, NOW)).toBe(
    seconds === undefined ? undefined : NOW + seconds * 1_000,
  );
});
