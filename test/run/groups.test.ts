import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Executions } from '../../src/ports/executions.ts';
import type { Table, Write } from '../../src/ports/table.ts';
import { cancelRun } from '../../src/run/cancel-run.ts';
import { positionsIn, settleGroup } from '../../src/run/groups.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { isOver } from '../../src/store/runs.ts';
import { type GroupedRuns, openGroupedRuns, type Through } from '../kit/grouped-runs.ts';
import '../kit/seed.ts';

let runs: GroupedRuns;

beforeEach(() => {
  runs = openGroupedRuns();
});

afterEach(() => runs.table.close());

const GROUP = { org: 'acme', app: 'shop', name: 'production' };

describe('a concurrency group', () => {
  it('lets in one run after the other, first in, first out', async () => {
    const created: RunPath[] = [];
    for (let count = 0; count < 5; count += 1) created.push(await runs.begin());
    expect(runs.started).toEqual([created[0]?.run]);
    for (const run of created) await runs.work(run);
    expect(runs.started).toEqual(created.map(({ run }) => run));
    expect(runs.mostAtWork()).toBe(1);
  });

  it('lets in as many as its limit', async () => {
    for (let count = 0; count < 5; count += 1) await runs.begin({}, { limit: 3 });
    expect(runs.started).toHaveLength(3);
  });

  it('has the limit of the run that asks', async () => {
    const first = await runs.begin({}, { limit: 1 });
    const second = await runs.begin({}, { limit: 2 });
    expect(runs.started).toEqual([first.run, second.run]);
    const third = await runs.begin({}, { limit: 1 });
    const fourth = await runs.begin({}, { limit: 20 });
    await runs.work(first);
    // The second is still at work, and the third wants to be alone.
    expect(runs.started).toHaveLength(2);
    await runs.work(second);
    expect(runs.started).toEqual([first.run, second.run, third.run, fourth.run]);
  });

  it('does not count a waiter that was cancelled', async () => {
    const [first, second, third] = [await runs.begin(), await runs.begin(), await runs.begin()];
    expect(await cancelRun(runs.deps(), second)).toBe('ended');
    await runs.work(first);
    expect(runs.started).toEqual([first.run, third.run]);
  });

  it('goes on when a run is cancelled that was let in and did not begin', async () => {
    const [first, second] = [await runs.begin(), await runs.begin()];
    expect(await cancelRun(runs.deps(), first)).toBe('ended');
    expect(runs.started).toEqual([first.run, second.run]);
  });

  it('cancels a waiter that waited longer than its time-out, blocked or not', async () => {
    const first = await runs.begin();
    const second = await runs.begin();
    await runs.claim(first);
    await runs.clock.advance(3_600_000);
    await runs.reconcile();
    const [, late] = await runs.runs();
    expect(late).toMatchObject({
      run: second.run,
      status: 'cancelled',
      message:
        "Cancelled: the run waited for its concurrency group 'production' longer than its time-out of 60 minutes.",
    });
    expect(await positionsIn(runs.table, GROUP)).toEqual(new Map());
  });

  it('cancels what is older when the newest asks for that', async () => {
    const [first, second] = [await runs.begin(), await runs.begin()];
    const claimed = await runs.claim(first);
    const third = await runs.begin({}, { cancelOthers: true });
    const [atWork, waiter] = await runs.runs();
    expect(atWork).toMatchObject({ status: 'executing', signal: 1, cancellationRequestedAt: runs.clock.now() });
    expect(atWork?.cancellationReason).toContain(third.run);
    expect(waiter).toMatchObject({ run: second.run, status: 'cancelled' });
    expect(runs.started).toEqual([first.run]);
    if (claimed !== undefined) await runs.finish(claimed);
    expect(runs.started).toEqual([first.run, third.run]);
  });
});

/** Holds back the calls of `write` that `which` picks, until they are let go. */
function holdBack(runs: GroupedRuns, which: (write: Write) => boolean): Through & { letGo(): void } {
  const { table } = runs;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    letGo: resolve,
    table: {
      ...table,
      async write(write) {
        if (which(write)) await promise;
        return table.write(write);
      },
    },
  };
}

const startsWith = (prefix: string) => (write: Write) =>
  ('put' in write ? write.put.pk : 'update' in write ? write.update.pk : write.delete.pk).startsWith(prefix);

it('lets in one of two who saw the same free slot', async () => {
  const slowToQueue = holdBack(runs, startsWith('QUEUE#'));
  const older = runs.begin(slowToQueue);
  const slowToTake = holdBack(runs, startsWith('GROUPS#'));
  const newer = runs.begin(slowToTake);
  await runs.clock.flush();
  slowToQueue.letGo();
  const { run } = await older;
  expect(runs.started).toEqual([run]);
  slowToTake.letGo();
  await newer;
  expect(runs.started).toEqual([run]);
});

describe('a run that was let in and not started', () => {
  const dead = { executions: { start: () => Promise.reject(new Error('Step Functions does not answer')) } };
  const withDead = (): Through => ({ executions: { ...runs.deps().executions, ...dead.executions } });

  it('is started by whoever comes next', async () => {
    await expect(runs.begin(withDead())).rejects.toThrow('does not answer');
    expect(runs.started).toEqual([]);
    await runs.begin();
    expect(runs.started).toEqual([(await runs.runs())[0]?.run]);
  });

  it('is ended by reconcile when its execution came and went without it', async () => {
    await expect(runs.begin(withDead())).rejects.toThrow('does not answer');
    await runs.reconcile({ executions: { ...runs.deps().executions, look: async () => 'failed' } });
    expect(await runs.runs()).toMatchObject([
      { status: 'failed', message: 'The execution of this run failed; no job goes on.' },
    ]);
  });
});

class Crash extends Error {}

/** The process dies at its write or start number `at`: before it has an effect, or after. */
function dyingAt(at: number, when: 'before' | 'after', runs: GroupedRuns): Through & { readonly calls: () => number } {
  let calls = 0;
  let dead = false;
  const fatal = async <R>(call: () => Promise<R>): Promise<R> => {
    if (dead) throw new Crash();
    calls += 1;
    if (calls !== at) return call();
    if (when === 'after') await call();
    dead = true;
    throw new Crash();
  };
  const { table, executions } = runs.deps();
  return {
    calls: () => calls,
    table: {
      ...table,
      write: write => fatal(() => table.write(write)),
      writeInOrder: groups => fatal(() => table.writeInOrder(groups)),
    },
    executions: { ...executions, start: (name, input) => fatal(() => executions.start(name, input)) },
  };
}

const survive = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
};

/** Works off what was started, with the help of reconcile, until every run is over. */
async function workOff(runs: GroupedRuns): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    for (const run of await runs.runs()) {
      if (!isOver(run.status) && runs.started.includes(run.run)) await runs.work(run);
    }
    if ((await runs.runs()).every(run => isOver(run.status))) return;
    await runs.reconcile();
  }
}

/** Three runs begin and end; a process that dies is followed by another one, which knows nothing. */
async function scenario(limit: number, at: number, when: 'before' | 'after'): Promise<number> {
  const runs = openGroupedRuns();
  const through = dyingAt(at, when, runs);
  for (let count = 0; count < 3; count += 1) await survive(runs.begin(through, { limit }));
  const begun = through.calls();
  for (const run of await runs.runs()) if (runs.started.includes(run.run)) await survive(runs.work(run, through));
  const calls = through.calls();
  await workOff(runs);
  const all = await runs.runs();
  expect(all.map(run => run.status)).toEqual(all.map(() => 'succeeded'));
  expect(runs.mostAtWork()).toBeLessThanOrEqual(limit);
  expect(new Set(runs.started).size).toBe(all.length);
  // Who is in the queue is not overtaken; whoever died while it got in line may be.
  if (at > begun) expect(runs.started).toEqual(all.map(({ run }) => run));
  expect(await positionsIn(runs.table, GROUP)).toEqual(new Map());
  await runs.table.close();
  return calls;
}

it.each([1, 2])('with limit %i every run comes to its end, whatever write the process died at', async limit => {
  const writes = await scenario(limit, 0, 'before');
  expect(writes).toBeGreaterThan(15);
  for (let at = 1; at <= writes; at += 1) {
    await scenario(limit, at, 'before');
    await scenario(limit, at, 'after');
  }
});

/** Every call waits until the scheduler lets it go on: whatever runs at the same time comes in any order. */
function interleaved(scheduler: fc.Scheduler, runs: GroupedRuns): Through {
  const { table, executions } = runs.deps();
  const turn = async <R>(name: string, call: () => Promise<R>): Promise<R> => {
    await scheduler.schedule(Promise.resolve(), name);
    return call();
  };
  const through: Table = {
    get: (key, options) => turn('get', () => table.get(key, options)),
    getMany: (keys, options) => turn('getMany', () => table.getMany(keys, options)),
    query: query => turn('query', () => table.query(query)),
    write: write => turn('write', () => table.write(write)),
    writeInOrder: groups => turn('writeInOrder', () => table.writeInOrder(groups)),
  };
  const starting: Executions = {
    ...executions,
    start: (name, input) => turn('start', () => executions.start(name, input)),
  };
  return { table: through, executions: starting };
}

it('never has more runs at work than its limit, and leaves none behind, in whatever order things happen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, limit) => {
      const runs = openGroupedRuns();
      const through = interleaved(scheduler, runs);
      const done = new Set<string>();
      const drive = async (): Promise<void> => {
        for (;;) {
          const next = runs.started.find(run => !done.has(run));
          if (next === undefined) return;
          done.add(next);
          const claimed = await runs.claim({ org: 'acme', app: 'shop', pipeline: 'deploy', run: next }, through);
          if (claimed !== undefined) await runs.finish(claimed, through);
        }
      };
      const work = Promise.all([
        ...Array.from({ length: 5 }, async () => {
          await runs.begin(through, { limit });
          await drive();
        }),
        settleGroup(runs.deps(through), GROUP).then(drive),
        settleGroup(runs.deps(through), GROUP).then(drive),
      ]);
      await scheduler.waitFor(work);
      await scheduler.waitFor(drive());
      const all = await runs.runs();
      expect(all.map(run => run.status)).toEqual(all.map(() => 'succeeded'));
      expect(runs.mostAtWork()).toBeLessThanOrEqual(limit);
      await runs.table.close();
    }),
    { numRuns: 150 },
  );
});

it('a hand-over costs the same with a thousand runs in line as with two', async () => {
  const cost = async (length: number): Promise<number> => {
    const runs = openGroupedRuns();
    const first = await runs.begin();
    for (let count = 0; count < length; count += 1) await runs.begin();
    let calls = 0;
    let items = 0;
    const counted = async <R>(call: Promise<R>, size: (answer: R) => number = () => 1): Promise<R> => {
      calls += 1;
      const answer = await call;
      items += size(answer);
      return answer;
    };
    const { table } = runs;
    const claimed = await runs.claim(first);
    if (claimed === undefined) throw new Error('the first run did not begin');
    await runs.finish(claimed, {
      table: {
        get: (key, options) => counted(table.get(key, options)),
        getMany: (keys, options) => counted(table.getMany(keys, options), found => found.length),
        query: query => counted(table.query(query), page => page.items.length),
        write: write => counted(table.write(write)),
        writeInOrder: groups => counted(table.writeInOrder(groups)),
      },
    });
    expect(runs.started).toHaveLength(2);
    await runs.table.close();
    return calls * 1_000 + items;
  };
  expect(await cost(1_000)).toBe(await cost(2));
});
