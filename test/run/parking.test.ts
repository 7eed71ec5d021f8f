import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import type { Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { parkRun } from '../../src/run/park-run.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { signalRun } from '../../src/run/signal-run.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { claimRun } from '../../src/store/run-writes.ts';
import { createRun, getRun } from '../../src/store/runs.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const RUN: RunPath = { org: 'acme', app: 'shop', pipeline: 'deploy', run: '01b8dac5-b400-7000-8000-000000000001' };
const clock = createFakeClock();

let table: LocalTable;
let woken: string[];

beforeEach(async () => {
  table = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
  woken = [];
  const now = clock.now();
  await createRun(
    table,
    {
      ...RUN,
      version: 'v',
      trigger: 'pipeline_call',
      createdAt: now,
      createdBy: 'u',
      runAs: 'u',
      timeoutSeconds: 3_600,
      inputs: {},
    },
    4_000_000_000,
  );
  await claimRun(table, RUN, now);
});

afterEach(() => table.close());

/** A process whose every call of a port waits for its turn. */
type Actor = { readonly ports: { readonly table: Table; readonly executions: Executions }; step(): Promise<void> };

function actor(): Actor {
  let next = Promise.withResolvers<void>();
  const turn = async <R>(call: () => Promise<R>): Promise<R> => {
    await next.promise;
    return call();
  };
  const unexpected = (): never => {
    throw new Error('nobody asked for this');
  };
  return {
    ports: {
      table: { ...table, write: write => turn(() => table.write(write)) },
      executions: {
        start: unexpected,
        stop: unexpected,
        ended: unexpected,
        look: unexpected,
        wake: token =>
          turn(async () => {
            woken.push(token);
            return 'woken' as const;
          }),
      },
    },
    async step() {
      const { resolve } = next;
      next = Promise.withResolvers();
      resolve();
      // Until the actor waits for its next turn.
      for (let turns = 0; turns < 5; turns += 1) await new Promise(done => setImmediate(done));
    },
  };
}

/** All orders in which two actors can take their steps. */
function merges(parker: number, signaller: number): string[] {
  if (parker === 0 && signaller === 0) return [''];
  return [
    ...(parker > 0 ? merges(parker - 1, signaller).map(rest => `P${rest}`) : []),
    ...(signaller > 0 ? merges(parker, signaller - 1).map(rest => `S${rest}`) : []),
  ];
}

const park = (ports: Actor['ports']): Promise<void> =>
  parkRun(ports.table, ports.executions, { token: 'token', input: RUN, epoch: 1, signal: 0 });

/** The run is parked for good: nobody woke it, and there is a signal that its worker did not see. */
async function isStuck(): Promise<boolean> {
  const run = await getRun(table, RUN);
  return woken.length === 0 && (run?.signal ?? 0) > 0;
}

describe('a signal that comes while the run is parking', () => {
  it.each(merges(2, 2))('is not lost: %s', async order => {
    const [parker, signaller] = [actor(), actor()];
    const both = [park(parker.ports), signalRun(signaller.ports, RUN)];
    for (const turn of order) await (turn === 'P' ? parker : signaller).step();
    for (let turns = 0; turns < 2; turns += 1) {
      await parker.step();
      await signaller.step();
    }
    await Promise.all(both);
    expect(woken).toContain('token');
    expect(await isStuck()).toBe(false);
  });

  it.each(merges(2, 1))('is found by reconcile when who brought it died behind its write: %s', async order => {
    const [parker, signaller] = [actor(), actor()];
    const parking = park(parker.ports);
    // Its second step, the waking, never comes.
    void signalRun(signaller.ports, RUN);
    for (const turn of order) await (turn === 'P' ? parker : signaller).step();
    await parker.step();
    await parking;
    await reconcile({
      table,
      executions: {
        ...parker.ports.executions,
        look: async () => 'running',
        wake: async token => {
          woken.push(token);
          return 'woken' as const;
        },
      },
      clock,
      retentionDays: 90,
      report: (_, error) => {
        throw error;
      },
    });
    expect(await isStuck()).toBe(false);
  });
});

it('a run that no signal came for is not woken by reconcile', async () => {
  const parker = actor();
  const parking = park(parker.ports);
  await parker.step();
  await parking;
  await reconcile({
    table,
    executions: { ...parker.ports.executions, look: async () => 'running' },
    clock,
    retentionDays: 90,
    report: (_, error) => {
      throw error;
    },
  });
  expect(woken).toEqual([]);
});
