import { createHash } from 'node:crypto';
import type { Clock } from '../../src/ports/clock.ts';
import type { Ids } from '../../src/ports/ids.ts';

/** UUIDs of the real forms that a test can foresee: version 7 with the time of the clock, then a count. */
export function createTimeIds(clock: Pick<Clock, 'now'>): Ids {
  let count = 0;
  const tail = () => (++count).toString(16).padStart(12, '0');
  return {
    uuid: () => `00000000-0000-4000-8000-${tail()}`,
    ordered() {
      const time = clock.now().toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail()}`;
    },
    // Never twice the same, as nonces have to be.
    random: bytes => createHash('shake256', { outputLength: bytes }).update(String(++count)).digest(),
  };
}
