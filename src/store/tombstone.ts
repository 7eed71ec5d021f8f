import type { Condition, Item, Key, Update } from '../ports/table.ts';
import { optionalNumber } from './fields.ts';

/**
 * What stands under the id of something that was deleted, so that nobody takes the id for something new while records of
 * the old one are kept: rights on the new one would be rights on those. `until`: milliseconds since the epoch.
 */
export const bury = (key: Key, until: number, when: Condition): Update => ({
  update: key,
  set: { gone_until: until, expires_at: Math.ceil(until / 1_000) },
  when,
});

/** Undefined: the item is no tombstone. */
export const goneUntil = (item: Item): number | undefined => optionalNumber(item, 'gone_until');

/** Items vanish some time after they expired: the clock says from when on the id is free. */
export const isFree = (now: number): Condition => [
  [{ name: 'pk', is: 'absent' }],
  [{ name: 'gone_until', is: '<=', value: now }],
];
