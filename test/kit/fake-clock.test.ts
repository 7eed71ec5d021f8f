import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('the fake clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createFakeClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(250);
    expect(clock.now()).toBe(1250);
  });

  it('ends sleeps in the order of their times, each at its own time', async () => {
    const clock = createFakeClock(0);
    const order: string[] = [];
    const sleep = (ms: number, name: string) => clock.sleep(ms).then(() => order.push(`${name} at ${clock.now()}`));
    const sleeps = [sleep(30, 'c'), sleep(10, 'a'), sleep(20, 'b'), sleep(20, 'b too'), sleep(31, 'd')];
    expect(clock.pendingUntil()).toEqual([10, 20, 20, 30, 31]);
    await clock.advance(30);
    expect(order).toEqual(['a at 10', 'b at 20', 'b too at 20', 'c at 30']);
    expect(clock.pendingUntil()).toEqual([31]);
    await clock.advance(1);
    await Promise.all(sleeps);
  });

  it('lets what a sleep sets off sleep again inside the same advance', async () => {
    const clock = createFakeClock(0);
    const ticks: number[] = [];
    const loop = (async () => {
      while (ticks.length < 5) {
        await clock.sleep(10);
        ticks.push(clock.now());
      }
    })();
    await clock.advance(45);
    expect(ticks).toEqual([10, 20, 30, 40]);
    await clock.advance(5);
    await loop;
    expect(ticks).toEqual([10, 20, 30, 40, 50]);
  });

  it('ends a sleep of no length with the next flush of an advance', async () => {
    const clock = createFakeClock(0);
    let ended = false;
    void clock.sleep(0).then(() => {
      ended = true;
    });
    await clock.flush();
    expect(ended).toBe(false);
    await clock.advance(0);
    expect(ended).toBe(true);
  });

  it('ends a sleep when its signal aborts, before or during it', async () => {
    const clock = createFakeClock(0);
    const controller = new AbortController();
    const during = clock.sleep(1000, controller.signal);
    controller.abort();
    await during;
    await clock.sleep(1000, controller.signal);
    expect(clock.pendingUntil()).toEqual([]);
    expect(clock.now()).toBe(0);
  });

  it('lets microtasks and immediates run', async () => {
    const clock = createFakeClock();
    const order: string[] = [];
    setImmediate(() => {
      order.push('immediate');
      void Promise.resolve().then(() => setImmediate(() => order.push('immediate of an immediate')));
    });
    void Promise.resolve().then(() => order.push('microtask'));
    await clock.flush();
    expect(order).toEqual(['microtask', 'immediate', 'immediate of an immediate']);
  });
});
