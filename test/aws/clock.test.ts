import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/aws/clock.ts';

describe('the clock of the computer', () => {
  // The platform's timers are what this adapter stands on: they are moved here, so that nobody waits.
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function sleeping(ms: number, signal?: AbortSignal) {
    const seen = { ended: false };
    void systemClock.sleep(ms, signal).then(() => {
      seen.ended = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    return seen;
  }

  it('tells the time of the system', () => {
    vi.setSystemTime(1234);
    expect(systemClock.now()).toBe(1234);
  });

  it.each([1, 1000, 2 ** 31 - 1, 2 ** 31, 365 * 86_400_000])('sleeps %i ms, no less and no more', async ms => {
    const sleep = await sleeping(ms);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(sleep.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(sleep.ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([1000, 2 ** 31])('ends with its signal, and leaves neither timer nor listener: %i ms', async ms => {
    const controller = new AbortController();
    const sleep = await sleeping(ms, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(sleep.ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('leaves no listener when it ends by itself', async () => {
    const controller = new AbortController();
    await sleeping(10, controller.signal);
    await vi.advanceTimersByTimeAsync(10);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('does not begin when the signal has aborted', async () => {
    const sleep = await sleeping(1000, AbortSignal.abort());
    expect(sleep.ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
