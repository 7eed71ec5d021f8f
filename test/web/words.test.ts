import { describe, expect, test } from 'vitest';
import { covers } from '../../web/src/api/covers.ts';
import type { HeldPermission } from '../../web/src/api/types.ts';
import { endWords, lastUseWords } from '../../web/src/pages/access/token-words.ts';
import { durationText, exactTime, relativeTime } from '../../web/src/ui/time-words.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

test.each([
  [0, 'now'],
  [4, 'now'],
  [-4, 'now'],
  [5, '5 seconds ago'],
  [59, '59 seconds ago'],
  [60, '1 minute ago'],
  [119, '1 minute ago'],
  [3_600, '1 hour ago'],
  [86_399, '23 hours ago'],
  [86_400, 'yesterday'],
  [8 * 86_400, 'last week'],
  [45 * 86_400, 'last month'],
  [800 * 86_400, '2 years ago'],
  [-90, 'in 1 minute'],
  [-3 * 86_400, 'in 3 days'],
])('%i seconds ago is "%s"', (seconds, text) => {
  expect(relativeTime(ago(seconds), NOW)).toBe(text);
});

test.each([
  [0, 'Within the last hour'],
  [3_600, 'Within the last hour'],
  [3_601, 'Within the last 2 hours'],
  [86_400, 'Within the last 24 hours'],
  [90_000, 'yesterday'],
  [8 * 86_400, 'last week'],
  // The clock of the browser may be behind that of the server.
  [-60, 'Within the last hour'],
])('a token whose use was noted %i seconds ago was used "%s"', (seconds, text) => {
  expect(lastUseWords(ago(seconds), NOW)).toBe(text);
});

test.each([
  [-60, 'in 1 minute'],
  [-86_400, 'tomorrow'],
  [-86_401, 'in 2 days'],
  [-(90 * 86_400 - 5), 'in 90 days'],
  [-100 * 86_400, 'in 3 months'],
  [0, 'Ended now'],
  [3 * 86_400, 'Ended 3 days ago'],
])('a token that ended %i seconds ago: "%s"', (seconds, text) => {
  expect(endWords(ago(seconds), NOW)).toBe(text);
});

test.each([
  [-5, '0 ms'],
  [850, '850 ms'],
  [1_000, '1 s'],
  [59_999, '59 s'],
  [184_000, '3 min 4 s'],
  [7_500_000, '2 h 5 min'],
  [48 * 3_600_000, '2 d 0 h'],
])('%i milliseconds are "%s"', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test('what is no time is shown as it is', () => {
  expect([relativeTime('soon', NOW), exactTime('soon')]).toEqual(['soon', 'soon']);
});

describe('a permission covers', () => {
  const held = (more: Partial<HeldPermission>): HeldPermission => ({
    permission: 'runs.start',
    org_id: 'o',
    reason: '',
    ...more,
  });
  const inApp = { org: 'o', app: 'a' };

  test.each([
    ['the org everything in it', held({}), inApp, true],
    ['an app that app', held({ app_id: 'a' }), inApp, true],
    ['an app no other', held({ app_id: 'b' }), inApp, false],
    ['an app not the org', held({ app_id: 'a' }), { org: 'o' }, false],
    ['no other org', held({ org_id: 'p' }), inApp, false],
    ['nothing else', held({ permission: 'runs.read' }), inApp, false],
    ['a type that type', held({ app_id: 'a', env_type: 't' }), { ...inApp, envType: 't' }, true],
    ['a type no other', held({ app_id: 'a', env_type: 't' }), { ...inApp, envType: 'u' }, false],
    ['a type while it is not known which', held({ app_id: 'a', env_type: 't' }), inApp, true],
    ['the org every type', held({}), { ...inApp, envType: 't' }, true],
  ])('%s', (_, right, where, expected) => {
    expect(covers([right], 'runs.start', where)).toBe(expected);
  });
});
