import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelRun } from '../../src/run/cancel-run.ts';
import { type RunPath, runKey } from '../../src/store/keys.ts';
import { type GroupedRuns, openGroupedRuns } from '../kit/grouped-runs.ts';

let runs: GroupedRuns;

beforeEach(() => {
  runs = openGroupedRuns();
});

afterEach(() => runs.table.close());

const spoil = (run: RunPath) => runs.table.write({ update: runKey(run), set: { status: 'nonsense' } });

/** The item of a run in its queue loses an attribute. */
async function spoilWaiter(run: RunPath): Promise<void> {
  const group = await runs.table.query({ pk: 'GROUPS#acme/shop' });
  const key = { pk: `QUEUE#acme/shop/${group.items[0]?.sk}`, sk: run.run };
  expect(await runs.table.get(key)).toBeDefined();
  await runs.table.write({ update: key, remove: ['limit'] });
}

/** Over, says Step Functions. */
const ended = () => ({ ...runs.deps().executions, look: async () => 'failed' as const });

describe('one record that cannot be read never stops a group', () => {
  it('that of who is first in line', async () => {
    const [first, second, third] = [await runs.begin(), await runs.begin(), await runs.begin()];
    await spoilWaiter(second);
    await runs.work(first);
    expect(runs.started).toEqual([first.run, third.run]);
    expect(runs.reported.join()).toContain(`run ${second.run} leaves the queue`);
    // Its own record can be read, so it gets in line again.
    await runs.reconcile();
    await runs.work(third);
    expect(runs.started).toEqual([first.run, third.run, second.run]);
  });

  it('that of a run that is first in line', async () => {
    const [first, second, third] = [await runs.begin(), await runs.begin(), await runs.begin()];
    await spoil(second);
    await runs.work(first);
    expect(runs.started).toEqual([first.run, third.run]);
    expect(runs.reported.join()).toContain(`run ${second.run} leaves the queue`);
  });

  it('that of a holder: it counts as at work until its execution is over', async () => {
    const [first, second] = [await runs.begin(), await runs.begin()];
    await runs.claim(first);
    await spoil(first);
    await runs.reconcile({ mayFail: true });
    expect(runs.started).toEqual([first.run]);
    // A new start is not refused either.
    await runs.begin();
    await runs.reconcile({ mayFail: true, executions: ended() });
    expect(runs.started).toEqual([first.run, second.run]);
    expect(runs.reported.join()).toContain(`run ${first.run} holds a group and cannot be read`);
  });

  it('that of a run that is replaced', async () => {
    const [first, second] = [await runs.begin(), await runs.begin()];
    await runs.claim(first);
    await spoil(second);
    await runs.begin({}, { cancelOthers: true });
    expect((await runs.table.get(runKey(first)))?.cancellation_requested_at).toBeDefined();
    expect(runs.reported.join()).toContain(`run ${second.run} was replaced and cannot be read`);
  });

  it('and a run of such a group can be cancelled', async () => {
    const [first, second] = [await runs.begin(), await runs.begin()];
    await runs.table.write({ update: runKey(first), set: { status: 'nonsense' } });
    expect(await cancelRun(runs.deps(), second)).toBe('ended');
  });
});

it('a run is cancelled though its group is in trouble', async () => {
  const [, second] = [await runs.begin(), await runs.begin()];
  const table = { ...runs.table, query: () => Promise.reject(new Error('no table')) };
  expect(await cancelRun(runs.deps({ table }), second)).toBe('ended');
  expect(runs.reported.join()).toContain(`run ${second.run} was cancelled`);
});

it('a holder that cannot be started does not keep its group from being settled', async () => {
  await runs.begin();
  await runs.begin();
  const look = async () => {
    throw new Error('ThrottlingException');
  };
  await runs.clock.advance(4_000_000);
  await runs.reconcile({ executions: { ...runs.deps().executions, look }, mayFail: true });
  expect((await runs.runs()).map(({ status }) => status)).toEqual(['queued', 'cancelled']);
});

it('an entry of the index of open runs that names none is told of', async () => {
  await runs.table.write({ put: { pk: 'RUNS#x', sk: 'y', gsi2pk: 'OPEN#00', gsi2sk: 'bad' } });
  const dead = { ...runs.deps().executions, start: () => Promise.reject(new Error('no')) };
  await expect(runs.begin({ executions: dead })).rejects.toThrow('no');
  const [run] = await runs.runs();
  await runs.reconcile({ mayFail: true });
  expect(runs.started).toEqual([run?.run]);
  expect(runs.reported).toEqual(['the index of open runs has an entry that cannot be read']);
});
