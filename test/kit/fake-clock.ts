import type { Clock } from '../../src/ports/clock.ts';

export type FakeClock = Clock & {
  /**
   * Moves time on by `ms`. Sleeps that fall due end in the order of their times, each at its own `now()`; what they set off
   * runs before the next one ends, and may sleep again inside the same advance.
   */
  advance(ms: number): Promise<void>;
  /** Lets everything run that waits neither for time nor for the network: microtasks and immediates. */
  flush(): Promise<void>;
  /** When the sleeps that wait now fall due (milliseconds since the epoch), the earliest first. */
  pendingUntil(): readonly number[];
};

/** So many turns of the event loop are given to what runs without waiting; a chain of more immediates is not awaited. */
const TURNS = 8;

/** A clock that stands still until the test moves it. Starts at 2030-01-01T00:00:00Z unless told otherwise. */
export function createFakeClock(start: number = Date.UTC(2030, 0, 1)): FakeClock {
  let now = start;
  let sleeps: { readonly until: number; readonly end: () => void }[] = [];

  async function flush(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise(resolve => setImmediate(resolve));
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise<void>(resolve => {
        if (signal?.aborted) return resolve();
        const end = () => {
          sleeps = sleeps.filter(other => other !== sleep);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const sleep = { until: now + ms, end };
        signal?.addEventListener('abort', end);
        // Equal times keep their order: the sort is stable.
        sleeps = [...sleeps, sleep].sort((a, b) => a.until - b.until);
      }),
    async advance(ms) {
      const target = now + ms;
      await flush();
      for (let next = sleeps[0]; next !== undefined && next.until <= target; next = sleeps[0]) {
        now = Math.max(now, next.until);
        next.end();
        await flush();
      }
      now = target;
    },
    flush,
    pendingUntil: () => sleeps.map(sleep => sleep.until),
  };
}
