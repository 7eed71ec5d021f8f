import type { Clock } from '../ports/clock.ts';

/** setTimeout counts in a signed 32-bit number of milliseconds; more is taken as 1. https://nodejs.org/api/timers.html */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The clock of the computer. A pending sleep keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise<void>(resolve => {
      if (signal?.aborted) return resolve();
      let left = ms;
      let timer: NodeJS.Timeout;
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const wait = () => {
        if (left <= LONGEST_TIMER) {
          timer = setTimeout(end, left);
          return;
        }
        left -= LONGEST_TIMER;
        timer = setTimeout(wait, LONGEST_TIMER);
      };
      signal?.addEventListener('abort', end);
      wait();
    }),
};
