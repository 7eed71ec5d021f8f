import type { JsonObject } from '../../src/json.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { getRun } from '../../src/store/runs.ts';
import type { ProviderRow } from '../fixtures/actions/provider-rows.ts';
import { createLife, Died, type Life } from './life.ts';
import type { Whole } from './whole-world.ts';

export type Turns = {
  /** To be told of each exchange when it was answered; the worker hears of the answer when this is done. */
  onAnswer(url: string): Promise<void>;
  /** Lets the run go on until it is over. Answers what it waited for, pause by pause. */
  finish(path: RunPath): Promise<readonly JsonObject[]>;
};

export type Bystanders = {
  readonly cancel: () => Promise<unknown>;
  readonly waitingFor: () => Promise<JsonObject>;
  /** What was asked for with a callback is done. */
  readonly post: (body: unknown) => Promise<unknown>;
};

/** The call of the table at which a worker dies that is to die in a turn: it has taken the run by then. */
const LAST_CALL = 4;

/** Plays the state machine, and lets happen to the run what the row says, where it says. A turn is an invocation of RunJobs. */
export function createTurns(
  world: Whole,
  row: ProviderRow,
  settled: <T>(promise: Promise<T>) => Promise<T>,
  { cancel, waitingFor, post }: Bystanders,
): Turns {
  const { clock } = world;
  let life: Life | undefined;
  const isCancelled = momentOf(row.cancelledAt);
  const isDying = momentOf(row.diesAt);
  /** Undefined: whoever worked died. */
  const work = async (path: RunPath, turn: number) => {
    const dies = isDying(turn);
    let calls = 0;
    const own = createLife(world.table, clock, () => (dies && ++calls === LAST_CALL ? 'before' : 'lives'));
    life = own;
    try {
      return await settled(own.run(() => world.work(path, own.table, { clock: own.clock })));
    } catch (error) {
      if (error instanceof Died) return undefined;
      throw error;
    }
  };
  return {
    async onAnswer(url) {
      const dying = life;
      if (isCancelled(url)) {
        await cancel();
        // The worker looks every 2 s.
        await clock.sleep(4_000);
      }
      if (!isDying(url)) return;
      dying?.kill();
      await new Promise(() => undefined);
    },
    async finish(path) {
      const waits: JsonObject[] = [];
      for (let turn = 0; turn < 100; turn++) {
        const next = await work(path, turn);
        if (next?.next === 'done') return waits;
        if (next?.next !== 'park') continue;
        waits.push(await waitingFor());
        if (isCancelled(turn)) await cancel();
        if (turn === row.posts?.turn) await post(row.posts.body);
        // A run that was signalled meanwhile is not left waiting.
        if ((await getRun(world.table, path))?.signal === next.signal) await clock.advance(next.seconds * 1_000);
      }
      throw new Error('the run never came to an end');
    },
  };
}

/** True once: when the moment has come. */
function momentOf(moment: ProviderRow['diesAt']): (now: string | number) => boolean {
  let isPast = moment === undefined;
  return now => {
    const hasCome = typeof moment === 'string' ? String(now).endsWith(moment) : now === moment;
    if (isPast || !hasCome) return false;
    isPast = true;
    return true;
  };
}
