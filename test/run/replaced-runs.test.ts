import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { type GroupedRuns, openGroupedRuns } from '../kit/grouped-runs.ts';

let runs: GroupedRuns;

beforeEach(() => {
  runs = openGroupedRuns();
});

afterEach(() => runs.table.close());

/** Goes away with the call of this number, from 1; `calls` counts. */
function dying(
  table: Table,
  dieAt = Number.POSITIVE_INFINITY,
): { readonly table: Table; readonly calls: () => number } {
  let calls = 0;
  const turn = <R>(call: () => Promise<R>): Promise<R> => {
    calls += 1;
    return calls >= dieAt ? Promise.reject(new Error('it died')) : call();
  };
  return {
    calls: () => calls,
    table: {
      get: (key, options) => turn(() => table.get(key, options)),
      getMany: (keys, options) => turn(() => table.getMany(keys, options)),
      query: query => turn(() => table.query(query)),
      write: write => turn(() => table.write(write)),
      writeInOrder: groups => turn(() => table.writeInOrder(groups)),
    },
  };
}

const statuses = async (): Promise<readonly string[]> => (await runs.runs()).map(({ status }) => status);

describe('a run that cancels those before it', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 2))(
    'does so though its starter dies at call %i',
    async dieAt => {
      const first = await runs.begin();
      const claimed = await runs.claim(first);
      await runs.begin();
      const { table } = dying(runs.table, dieAt);
      await runs.begin({ table }, { cancelOthers: true }).catch(() => undefined);
      const newest = (await runs.runs()).at(-1)?.run;
      await runs.reconcile();
      expect((await runs.runs())[0]).toMatchObject({ status: 'executing', cancellationRequestedAt: runs.clock.now() });
      if (claimed !== undefined) await runs.finish(claimed);
      expect(await statuses()).toEqual(['cancelled', 'cancelled', 'queued']);
      expect(runs.started).toEqual([first.run, newest]);
    },
  );

  it('also those whose starter died before they were in line, however late they come there', async () => {
    const { table } = dying(runs.table, 2);
    await runs.begin({ table }).catch(() => undefined);
    await runs.clock.advance(1_000);
    const newer = await runs.begin({}, { cancelOthers: true });
    await runs.work(newer);
    await runs.reconcile();
    expect(runs.started).toEqual([newer.run]);
    expect(await statuses()).toEqual(['cancelled', 'succeeded']);
  });

  it('leaves the newer ones alone when it gets in line late', async () => {
    const { table } = dying(runs.table, 2);
    await runs.begin({ table }, { cancelOthers: true }).catch(() => undefined);
    await runs.clock.advance(1_000);
    const newer = await runs.begin();
    await runs.reconcile();
    expect(await statuses()).toEqual(['queued', 'queued']);
    expect(runs.started).toEqual([newer.run]);
  });

  it('starts at once, though more are in line than a request ends', async () => {
    for (let count = 0; count < 300; count += 1) await runs.begin({}, { limit: 2 });
    const counted = dying(runs.table);
    // Two hold the group; they are asked to make room and begin no more.
    const newest = await runs.begin({ table: counted.table }, { cancelOthers: true });
    expect(runs.started.at(-1)).toBe(newest.run);
    const left = (await statuses()).filter(status => status === 'queued').length;
    expect(left).toBeGreaterThan(1);
    // Three calls for each that it ended, and some for itself.
    expect(counted.calls()).toBeLessThan(3 * (301 - left) + 30);
    await runs.reconcile();
    expect((await statuses()).filter(status => status === 'queued')).toHaveLength(1);
    expect(runs.started).toHaveLength(3);
  });
});
