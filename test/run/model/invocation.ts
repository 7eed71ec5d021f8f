import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Table, Write } from '../../../src/ports/table.ts';

/** When an invocation is given up on: at its `operations`-th call of the table from now. */
export type Death = {
  readonly operations: number;
  /** How many writes of that call are done all the same; its answer is lost. */
  readonly writes: number;
  /** It goes on all the same, though nobody listens any more. */
  readonly zombie: boolean;
};

/** One invocation of RunJobs (or ParkRun) that may be given up on at any point of its life. */
export type Mortal = {
  readonly table: Table;
  readonly clock: Clock;
  /** Rejects with `GIVEN_UP`. */
  readonly givenUp: Promise<never>;
  isDead(): boolean;
  isGivenUp(): boolean;
  die(death: Death): void;
  /** Ends it at once. */
  kill(): void;
  /** Runs a function as this invocation, so that what it calls knows who calls. */
  as<T>(action: () => T): T;
};

export const GIVEN_UP = new Error('the invocation was given up on');

const current = new AsyncLocalStorage<Mortal>();
export const currentInvocation = (): Mortal | undefined => current.getStore();

const never = new Promise<never>(() => undefined);

/** `pause` is waited for around each call of the table; `busy` counts those in flight. */
export function createMortal(
  table: Table,
  clock: Clock,
  pause: () => Promise<void>,
  busy: { operations: number },
): Mortal {
  let death: Death | undefined;
  let dead = false;
  let left = 0;
  let giveUp: (reason: Error) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  givenUp.catch(() => undefined);

  const pass = async <T>(call: () => Promise<T>, part: (writes: number) => Promise<unknown>): Promise<T> => {
    if (dead) return never;
    busy.operations += 1;
    try {
      await pause();
      if (death !== undefined && left >= 0 && left-- === 0) {
        giveUp(GIVEN_UP);
        if (!death.zombie) {
          dead = true;
          await part(death.writes);
          return never;
        }
      }
      if (dead) return never;
      const answer = await call();
      await pause();
      return dead ? never : answer;
    } finally {
      busy.operations -= 1;
    }
  };

  const mortal: Mortal = {
    givenUp,
    isDead: () => dead,
    isGivenUp: () => death !== undefined && left < 0,
    die(wanted) {
      if (death !== undefined) return;
      death = wanted;
      left = wanted.operations;
    },
    kill() {
      dead = true;
    },
    as: action => current.run(mortal, action),
    clock: {
      now: clock.now,
      // What a dead process waits for never comes.
      sleep: (ms, signal) => (dead ? never : clock.sleep(ms, signal).then(() => (dead ? never : undefined))),
    },
    table: {
      get: (key, options) => pass(() => table.get(key, options), nothing),
      getMany: (keys, options) => pass(() => table.getMany(keys, options), nothing),
      query: query => pass(() => table.query(query), nothing),
      write: write =>
        pass(
          () => table.write(write),
          async writes => writes > 0 && table.write(write),
        ),
      writeInOrder: groups =>
        pass(
          () => table.writeInOrder(groups),
          async writes => writes > 0 && table.writeInOrder(prefix(groups, writes)),
        ),
    },
  };
  return mortal;
}

const nothing = async (): Promise<void> => undefined;

/** What a crash may leave of a sequence: its first groups, and a part of one, whose writes have no order. */
function prefix(groups: readonly (readonly Write[])[], writes: number): Write[][] {
  const kept: Write[][] = [];
  let left = writes;
  for (const group of groups) {
    if (left <= 0) break;
    kept.push(writes % 2 === 0 ? group.slice(0, left) : group.slice(-left));
    left -= group.length;
  }
  return kept;
}
