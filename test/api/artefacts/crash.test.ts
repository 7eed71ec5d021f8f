import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { Table } from '../../../src/ports/table.ts';
import { isOver } from '../../../src/store/runs.ts';
import { type ArtefactRuns, openArtefactRuns, type Through } from '../../kit/artefact-runs.ts';
import '../../kit/seed.ts';

const PIPELINES = ['pp', 'qq'] as const;
const NAMES = ['a', 'b', 'c', 'd'] as const;

class Crash extends Error {}

let open: ArtefactRuns | undefined;
afterEach(() => open?.world.close());

async function fresh(): Promise<ArtefactRuns> {
  await open?.world.close();
  open = await openArtefactRuns();
  for (const id of PIPELINES) await open.save(id);
  return open;
}

/** The process dies at its write or start number `at`: before it has an effect, or after. */
function dyingAt(at: number, when: 'before' | 'after', all: ArtefactRuns): Through & { readonly calls: () => number } {
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
  const { table, executions } = all.world;
  return {
    calls: () => calls,
    table: {
      ...table,
      get: (key, options) => (dead ? Promise.reject(new Crash()) : table.get(key, options)),
      getMany: (keys, options) => (dead ? Promise.reject(new Crash()) : table.getMany(keys, options)),
      query: query => (dead ? Promise.reject(new Crash()) : table.query(query)),
      write: write => fatal(() => table.write(write)),
      writeInOrder: groups => fatal(() => table.writeInOrder(groups)),
    },
    executions: { ...executions, start: (name, input) => fatal(() => executions.start(name, input)) },
  };
}

async function survived(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return false;
  }
}

/** Every artefact is in exactly one run of each pipeline, and no two runs of one were at work together. */
async function expectOnceEach(all: ArtefactRuns, names: readonly string[]): Promise<void> {
  for (const pipeline of PIPELINES) {
    const runs = await all.runs(pipeline);
    expect(runs.flatMap(run => run.names).toSorted()).toEqual([...names].toSorted());
    expect(runs.map(run => run.status)).toEqual(runs.map(() => 'succeeded'));
    expect((await all.waiting(pipeline)).items).toEqual([]);
  }
  expect(all.mostAtWork()).toBeLessThanOrEqual(1);
}

/** Two artefacts; a run is at work and ends; two more. Whoever dies is followed by others, who know nothing. */
async function scenario(at: number, when: 'before' | 'after', again: boolean): Promise<number> {
  const all = await fresh();
  const through = dyingAt(at, when, all);
  const answered: string[] = [];
  for (const name of NAMES) {
    if (name === 'c') {
      for (const pipeline of PIPELINES) {
        const [run] = await all.runs(pipeline);
        if (run !== undefined && !isOver(run.status)) await survived(all.work(run, through));
      }
    }
    const done = await survived(all.push(name, { through }));
    // Whoever got no answer asks again, or gives up: then it is in a run or it never was there.
    if (!done && again) await all.push(name);
    if (done || again) answered.push(name);
  }
  const calls = through.calls();
  await all.workOff(...PIPELINES);
  const names = (await all.runs('pp')).flatMap(run => run.names);
  const there = again ? answered : [...new Set([...answered, ...names])];
  await expectOnceEach(all, there);
  return calls;
}

it.each([
  ['before', true],
  ['before', false],
  ['after', true],
  ['after', false],
] as const)(
  'none is lost or doubled, whatever write somebody died %s (asking again: %s)',
  async (when, again) => {
    const writes = await scenario(0, when, again);
    expect(writes).toBeGreaterThan(40);
    for (let at = 1; at <= writes; at += 1) await scenario(at, when, again);
  },
  60_000,
);

/** Every call waits until the scheduler lets it go on: whatever happens at the same time comes in any order. */
function interleaved(scheduler: fc.Scheduler, all: ArtefactRuns): Through {
  const { table, executions } = all.world;
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
  return {
    table: through,
    executions: { ...executions, start: (name, input) => turn('start', () => executions.start(name, input)) },
  };
}

/** The table gathers the writes of one tick: without waiting for them, all others would have had their turns by then. */
async function withItsWrite(turn: () => Promise<unknown>): Promise<void> {
  await turn();
  await new Promise(resolve => setImmediate(resolve));
}

/** Turns that each push comes later: some in the middle of what another one started, or of its end. */
const lateness = fc.array(fc.nat(60), { minLength: NAMES.length, maxLength: NAMES.length });

it('none is lost or doubled, in whatever order pushes, ends of runs and reconcile come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler({ act: withItsWrite }), lateness, async (scheduler, late) => {
      const all = await fresh();
      const through = interleaved(scheduler, all);
      const begun = new Set<string>();
      const drive = async (): Promise<void> => {
        for (;;) {
          const started = all.world.executions.started.find(({ name }) => !begun.has(name));
          if (started === undefined) return;
          begun.add(started.name);
          await all.work(started.input, through);
        }
      };
      const work = Promise.all([
        ...NAMES.map(async (name, index) => {
          for (let turn = 0; turn < (late[index] ?? 0); turn += 1) await scheduler.schedule(Promise.resolve(), 'later');
          await all.push(name, { through });
          await drive();
        }),
        // The same one from two processes at the same time.
        all.push('a', { through }).then(drive),
        all.reconcile(through).then(drive),
      ]);
      await scheduler.waitFor(work);
      await scheduler.waitFor(drive());
      // Nobody makes up for anything: the last one to end leaves nothing behind.
      await expectOnceEach(all, NAMES);
    }),
    { numRuns: 100 },
  );
}, 300_000);

it('who comes to a pipeline late with an artefact that a run took does not start another', async () => {
  const all = await fresh();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { table } = all.world;
  // It saw that nobody took the artefact, and is slow to put it into the queue.
  const slow: Table = {
    ...table,
    async write(write) {
      if ('put' in write && write.put.pk.startsWith('BATCH#')) await held;
      return table.write(write);
    },
  };
  const late = all.push('a', { through: { table: slow } });
  await all.world.clock.flush();
  await all.push('a');
  await all.workOff('pp', 'qq');
  letGo();
  await late;
  await all.workOff('pp', 'qq');
  await expectOnceEach(all, ['a']);
});

it.each([1, 2, 3, 4, 5])('a hundred pushes at the same time are in runs once each (%i)', async () => {
  const all = await fresh();
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
  await Promise.all(names.map(name => all.push(name)));
  expect((await all.runs('pp')).filter(run => !isOver(run.status))).toHaveLength(1);
  await all.workOff(...PIPELINES);
  await expectOnceEach(all, names);
  expect((await all.runs('pp')).length).toBeLessThan(10);
});
