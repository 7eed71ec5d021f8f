import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed, succeeded } from '../../src/actions/action.ts';
import type { Next } from '../../src/run/invocation.ts';
import { delayAfter } from '../../src/run/retry.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { RETRY_CASES } from '../fixtures/run/retry.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

const broken = failed('BROKEN', 'The test said so.');

/** Invokes the worker of a run as the state machine does, and lets time pass for it. */
function drive(path: RunPath): (count: number) => Promise<void> {
  let next: Next | undefined;
  const invoke = (): void => {
    next = undefined;
    void engine.invoke(path).then(answer => {
      next = answer;
    });
  };
  invoke();
  /** Until the probe was called this many times, or the run is over. */
  return async count => {
    for (let second = 0; second < 100; second += 1) {
      await engine.clock.flush();
      if (engine.calls.length >= count || next?.next === 'done') return;
      const seconds = next?.next === 'park' ? next.seconds : 1;
      await engine.clock.advance(seconds * 1_000);
      if (next !== undefined) invoke();
    }
    throw new Error('it never came to that');
  };
}

describe('a step with retries that', () => {
  it.each(RETRY_CASES)('$title', async ({ step, calls, delays, status, message, log }) => {
    const path = await engine.start(define(`  a: { steps: [{ id: s, uses: ${PROBE}, ${step} }] }`));
    const times: number[] = [];
    const until = drive(path);
    for (const [index, what] of calls.entries()) {
      await until(index + 1);
      const call = engine.call(index);
      expect(call.context.stepId).toBe(`${path.run}/a/s/${index + 1}`);
      times.push(engine.clock.now());
      if (what === 'ok') call.answer(succeeded());
      else if (what === 'throws') call.crash(new Error('a bug'));
      else if (what !== 'hangs') call.answer(failed(what, 'The test said so.'));
    }
    await until(calls.length + 1);
    expect(engine.calls.length).toBe(calls.length);
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(delays);
    expect((await engine.jobs(path)).get(0)?.steps[0]).toMatchObject({ status, message });
    expect(await engine.log(path, 0)).toEqual(log);
  });
});

describe('the pause before an attempt', () => {
  const text = define(
    `  a: { steps: [{ uses: ${PROBE}, retry: { max-attempts: 3, delay-seconds: 60, backoff: 1 } }] }\n  b: { needs: a, if: always(), steps: [{ uses: ${LOG}, with: { message: "a was \${{ needs.a.status }}" } }] }`,
  );

  it('is parked, shown, and survives the death of the worker', async () => {
    const path = await engine.start(text);
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer(broken);
    expect(await first).toMatchObject({ next: 'park', seconds: 60 });
    expect((await engine.run(path)).waitingFor).toEqual({ a: 'retry(attempt 2 of 3, 2030-01-01T00:01:00Z)' });
    // Whatever wakes the worker early, the pause goes on.
    await engine.clock.advance(10_000);
    expect(await engine.invoke(path)).toMatchObject({ next: 'park', seconds: 50 });
    expect(engine.calls.length).toBe(1);
    await engine.clock.advance(50_000);
    // This worker dies with its attempt in flight; the next one makes the same attempt.
    const dead = engine.invoke(path);
    await engine.untilCalls(2);
    const second = engine.invoke(path);
    await engine.untilCalls(3);
    expect(engine.call(2).context.stepId).toBe(engine.call(1).context.stepId);
    expect(engine.call(2).context.stepId).toMatch(/\/2$/);
    engine.call(2).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
    engine.call(1).answer(broken);
    await dead;
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
    expect(await engine.log(path, 0)).toEqual([
      'Attempt 1 of 3 failed with BROKEN: The test said so. Attempt 2 follows at 2030-01-01T00:01:00Z.',
      'Attempt 2 of 3 succeeded.',
    ]);
  });

  it.each([
    { title: 'run', job: '', seconds: 30 },
    { title: 'job', job: 'timeout-minutes: 1, ', seconds: 600 },
  ])('is not made when the $title would be out of time by then', async ({ title, job, seconds }) => {
    const own = text.replace('a: { steps', `a: { ${job}steps`).replace('delay-seconds: 60', 'delay-seconds: 90');
    const path = await engine.start(own, {}, seconds);
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer(broken);
    expect(await first).toEqual({ next: 'done' });
    expect(engine.calls.length).toBe(1);
    expect((await engine.jobs(path)).get(0)).toMatchObject({ status: 'failed' });
    expect(await engine.log(path, 0)).toEqual([
      `Attempt 1 of 3 failed with BROKEN: The test said so. There is no other one: the time-out of the ${title} would come first.`,
    ]);
    expect(await engine.log(path, 1)).toEqual(['a was failed']);
  });
});

it('the longest pause is as long as the longest run', () => {
  expect(delayAfter({ maxAttempts: 10, delaySeconds: 86_400, backoff: 10 }, 9)).toBe(43_200 * 60_000);
});
