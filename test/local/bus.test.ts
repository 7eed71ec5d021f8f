import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BusTarget, type LocalBus, openBus } from '../../local/bus.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { systemIds } from '../../src/aws/ids.ts';
import type { Json } from '../../src/json.ts';
import type { BusEvent } from '../../src/ports/bus.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { busContract } from '../kit/bus-contract.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { temporaryFolder } from '../kit/local-server.ts';

busContract(async () => {
  const came: Json[] = [];
  const bus = openTestBus({ file: ':memory:', targets: { all: async event => came.push(event) } });
  bus.start();
  return {
    bus,
    delivered: async () => {
      await bus.idle();
      return came;
    },
    close: () => bus.close(),
  };
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: string;
let open: LocalBus[];
let reported: string[];

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'bus.sqlite');
  open = [];
  reported = [];
});
afterEach(async () => {
  await Promise.all(open.map(bus => bus.close()));
  await folder.remove();
});

function openTestBus(options: {
  readonly file: string;
  readonly targets: Readonly<Record<string, BusTarget>>;
  readonly clock?: Clock;
  readonly rules?: Readonly<Record<string, (event: BusEvent) => boolean>>;
}): LocalBus {
  return openBus({
    clock: systemClock,
    ids: systemIds,
    report: message => reported?.push(message),
    ...options,
  });
}

const ORDER = { source: 'com.example.shop', detailType: 'OrderPlaced', detail: { id: 'o-1' } };
const idOf = (event: Json): string => (event as { readonly id: string }).id; // as: the bus makes it so

/** Fails so often for each event, then takes it. */
function failing(times: number): { readonly target: BusTarget; readonly attempts: string[] } {
  const attempts: string[] = [];
  const target: BusTarget = async event => {
    attempts.push(idOf(event));
    if (attempts.filter(id => id === idOf(event)).length <= times) throw new Error('not now');
  };
  return { target, attempts };
}

test('what fails is delivered again after a pause, what does not fail is not', async () => {
  const clock = createFakeClock();
  const [bad, good] = [failing(2), failing(0)];
  const bus = openTestBus({ file, clock, targets: { bad: bad.target, good: good.target } });
  open.push(bus);
  bus.start();
  await bus.put([ORDER]);
  await clock.advance(999);
  expect(bad.attempts).toHaveLength(1);
  await clock.advance(1);
  expect(bad.attempts).toHaveLength(2);
  await clock.advance(5_000);
  expect(bad.attempts).toHaveLength(3);
  await clock.advance(3_600_000);
  expect([bad.attempts.length, good.attempts.length]).toEqual([3, 1]);
  expect(bus.deadLetters()).toEqual([]);
});

test('what fails for ever rests as a dead letter, and keeps no other event from arriving', async () => {
  const clock = createFakeClock();
  const came: string[] = [];
  const target: BusTarget = async event => {
    if ((event as { readonly detail: { readonly id: string } }).detail.id === 'poison') throw new Error('poisoned'); // as: put below
    came.push(idOf(event));
  };
  const bus = openTestBus({ file, clock, targets: { target } });
  open.push(bus);
  bus.start();
  const [poison] = await bus.put([{ ...ORDER, detail: { id: 'poison' } }]);
  await bus.put(Array.from({ length: 10 }, () => ORDER));
  await clock.advance(0);
  expect(came).toHaveLength(10);
  await clock.advance(3_600_000);
  expect(bus.deadLetters()).toEqual([
    {
      event: poison !== undefined && 'id' in poison ? poison.id : '',
      target: 'target',
      attempts: 5,
      diedAt: expect.any(Number),
      reason: 'poisoned',
      body: expect.stringContaining('"poison"'),
    },
  ]);
  expect(reported.at(-1)).toMatch(/dead letter/);
});

test('dead letters are delivered again under their ids, to the target that they died at, and outlive the process', async () => {
  const clock = createFakeClock();
  const [bad, good] = [failing(5), failing(0)];
  const targets = { bad: bad.target, good: good.target };
  const first = openTestBus({ file, clock, targets });
  first.start();
  await first.put([ORDER, ORDER]);
  await clock.advance(3_600_000);
  expect(first.deadLetters().map(({ target }) => target)).toEqual(['bad', 'bad']);
  await first.close();

  const next = openTestBus({ file, clock, targets });
  open.push(next);
  next.start();
  expect(await next.resend()).toBe(2);
  await next.idle();
  expect(bad.attempts.slice(-2).toSorted()).toEqual(good.attempts.toSorted());
  expect(good.attempts).toHaveLength(2);
  expect(next.deadLetters()).toEqual([]);
  expect(await next.resend()).toBe(0);
});

test('what fails again when it is sent again is a dead letter again', async () => {
  const clock = createFakeClock();
  const bus = openTestBus({ file, clock, targets: { bad: failing(100).target } });
  open.push(bus);
  bus.start();
  await bus.put([ORDER]);
  await clock.advance(3_600_000);
  const [before] = bus.deadLetters();
  expect(await bus.resend()).toBe(1);
  expect(bus.deadLetters()).toEqual([]);
  await clock.advance(3_600_000);
  expect(bus.deadLetters()).toMatchObject([{ event: before?.event, attempts: 5 }]);
});

test('what was put before the start, and what waits for another attempt, outlives the process', async () => {
  const clock = createFakeClock();
  const first = openTestBus({ file, clock, targets: { target: failing(1).target } });
  await first.put([ORDER]);
  first.start();
  const [second] = await first.put([ORDER]);
  await clock.flush();
  await first.close();

  const came: string[] = [];
  const next = openTestBus({ file, clock, targets: { target: async event => came.push(idOf(event)) } });
  open.push(next);
  next.start();
  await clock.advance(1_000);
  expect(came).toHaveLength(2);
  expect(came).toContain(second !== undefined && 'id' in second ? second.id : '');
});

test('what the rule does not match is answered, reaches nobody and is not kept', async () => {
  const came: string[] = [];
  const rule = ({ detail }: BusEvent) => detail.id !== 'o-2';
  const first = openTestBus({ file, rules: { target: rule }, targets: { target: async () => undefined } });
  const [one, two, three] = await first.put(['o-1', 'o-2', 'o-3'].map(id => ({ ...ORDER, detail: { id } })));
  expect(two).toEqual({ id: expect.any(String) });
  await first.close();
  const next = openTestBus({ file, targets: { target: async event => came.push(idOf(event)) } });
  open.push(next);
  next.start();
  await next.idle();
  expect(came).toEqual([one, three].map(result => (result !== undefined && 'id' in result ? result.id : '')));
});

test('a closed bus takes nothing', async () => {
  const bus = openTestBus({ file, targets: {} });
  await bus.close();
  await expect(bus.put([ORDER])).rejects.toThrow('closed');
});

test('what waits for a target that is no more is forgotten', async () => {
  const clock = createFakeClock();
  const before = openTestBus({ file, clock, targets: { gone: async () => undefined } });
  await before.put([ORDER]);
  await before.close();
  const after = openTestBus({ file, clock, targets: {} });
  open.push(after);
  after.start();
  await after.idle();
  expect(reported).toEqual([]);
});
