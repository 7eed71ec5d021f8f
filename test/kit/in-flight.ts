import type { FakeClock } from './fake-clock.ts';

/** A clock that stands still while somebody on loopback is asked, and runs otherwise. */
export type InFlight = {
  /** Time stands still until this is settled. */
  track<T>(exchange: Promise<T>): Promise<T>;
  /** Lets time pass until the promise is settled. */
  settled<T>(promise: Promise<T>): Promise<T>;
};

export function createInFlight(clock: FakeClock): InFlight {
  const exchanges = new Set<Promise<unknown>>();
  return {
    async track(exchange) {
      exchanges.add(exchange);
      try {
        return await exchange;
      } finally {
        exchanges.delete(exchange);
      }
    },
    async settled(promise) {
      let done = false;
      const mark = () => {
        done = true;
      };
      const over = promise.then(mark, mark);
      for (;;) {
        await clock.flush();
        if (done) return promise;
        if (exchanges.size > 0) await Promise.race([over, Promise.allSettled([...exchanges])]);
        else await clock.advance(Math.max(0, (clock.pendingUntil()[0] ?? 0) - clock.now()));
      }
    },
  };
}
