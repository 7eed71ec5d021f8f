import type { Clock } from '../../src/ports/clock.ts';
import type { Table } from '../../src/ports/table.ts';

/** What happens to whoever makes this call of the table: `before`: it dies first; `after`: it is done, the answer is lost. */
export type Fate = 'lives' | 'before' | 'after';

/** A process that may die at a call of the table: from then on nothing that it waits for ever comes. */
export type Life = {
  readonly table: Table;
  readonly clock: Clock;
  readonly alive: () => boolean;
  readonly kill: () => void;
  /** The answer of the work, unless it dies: then rejects. */
  run<T>(work: () => Promise<T>): Promise<T>;
};

export class Died extends Error {
  override name = 'Died';
}

/** For those who see a death coming. */
export const survive = (error: unknown): void => {
  if (!(error instanceof Died)) throw error;
};

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function createLife(table: Table, clock: Clock, fateOf: () => Fate): Life {
  const death = new AbortController();
  const kill = (): void => death.abort('died');
  const mortal = async <T>(call: () => Promise<T>): Promise<T> => {
    if (death.signal.aborted) return never();
    const fate = fateOf();
    if (fate === 'before') kill();
    else {
      const answer = await call();
      if (fate === 'after') kill();
      if (!death.signal.aborted) return answer;
    }
    return never();
  };
  return {
    alive: () => !death.signal.aborted,
    kill,
    table: {
      get: (key, options) => mortal(() => table.get(key, options)),
      getMany: (keys, options) => mortal(() => table.getMany(keys, options)),
      query: query => mortal(() => table.query(query)),
      write: write => mortal(() => table.write(write)),
      writeInOrder: groups => mortal(() => table.writeInOrder(groups)),
    },
    clock: {
      now: clock.now,
      async sleep(ms, signal) {
        if (death.signal.aborted) return never();
        await clock.sleep(ms, signal === undefined ? death.signal : AbortSignal.any([signal, death.signal]));
        return death.signal.aborted ? never() : undefined;
      },
    },
    run: work =>
      new Promise((resolve, reject) => {
        const die = (): void => reject(new Died('the process died'));
        if (death.signal.aborted) return die();
        death.signal.addEventListener('abort', die, { once: true });
        work().then(resolve, reject);
      }),
  };
}
