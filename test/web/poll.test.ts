import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST, nextWait, SHORTEST, startPolling } from '../../web/src/api/poll.ts';

type Look = 'changed' | 'same' | 'over';

/** A page with a clock of its own; looks are answered by `answers`, in order, the last one again and again. */
function openPage(answers: readonly Look[], took = 0) {
  const page = { now: 0, hidden: false };
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const looks: number[] = [];
  let open = 0;
  let most = 0;
  let listener: (() => void) | undefined;
  let timerIds = 0;
  const set = (run: () => void, wait: number): number => {
    timerIds += 1;
    timers.set(timerIds, { at: page.now + wait, run });
    return timerIds;
  };
  const stop = startPolling({
    look: () => {
      const answer = answers[Math.min(looks.length, answers.length - 1)] ?? 'same';
      looks.push(page.now);
      open += 1;
      most = Math.max(most, open);
      return new Promise(resolve => {
        set(() => {
          open -= 1;
          resolve(answer);
        }, took);
      });
    },
    hidden: () => page.hidden,
    onVisibility: told => {
      listener = told;
      return () => {
        listener = undefined;
      };
    },
    timer: { set, clear: id => timers.delete(Number(id)) },
  });
  return {
    looks,
    stop,
    most: () => most,
    listens: () => listener !== undefined,
    show(visible: boolean) {
      page.hidden = !visible;
      listener?.();
    },
    /** Lets everything happen that is due until then. */
    async until(time: number) {
      for (;;) {
        // What a look answers is heard in a later turn.
        await new Promise(setImmediate);
        const due = [...timers].filter(([, { at }]) => at <= time).sort(([, a], [, b]) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        page.now = Math.max(page.now, due[1].at);
        due[1].run();
      }
      page.now = time;
    },
  };
}

test('it looks once a second at what changes', async () => {
  const page = openPage(['changed']);
  await page.until(3_500);
  expect(page.looks).toEqual([0, 1_000, 2_000, 3_000]);
});

test('it looks ever more seldom at what stays the same, and at once more often when it changed', async () => {
  const page = openPage(['same', 'same', 'same', 'same', 'same', 'same', 'same', 'changed', 'same']);
  await page.until(45_000);
  const waits = page.looks.slice(1).map((at, index) => at - (page.looks[index] ?? 0));
  expect(waits.slice(0, 9)).toEqual([1_500, 2_250, 3_375, 5_063, 7_595, 10_000, 10_000, 1_000, 1_500]);
});

test('one look at a time: the next waits for a slow one', async () => {
  const page = openPage(['changed'], 2_500);
  await page.until(8_000);
  expect(page.looks).toEqual([0, 3_500, 7_000]);
  expect(page.most()).toBe(1);
});

test('it ends with what is over, and listens to nothing any more', async () => {
  const page = openPage(['changed', 'over']);
  await page.until(60_000);
  expect(page.looks).toEqual([0, 1_000]);
  expect(page.listens()).toBe(false);
});

describe('a hidden tab', () => {
  test('is not looked at, and looks at once when it is shown again', async () => {
    const page = openPage(['same']);
    await page.until(100);
    page.show(false);
    await page.until(30_000);
    expect(page.looks).toEqual([0]);
    page.show(true);
    await page.until(30_100);
    expect(page.looks).toEqual([0, 30_000]);
  });

  test('that is shown again before its time came does not look twice', async () => {
    const page = openPage(['changed']);
    await page.until(100);
    page.show(false);
    page.show(true);
    page.show(true);
    await page.until(1_900);
    expect(page.looks).toEqual([0, 1_000]);
  });
});

test('stopped, it looks no more, whatever was under way', async () => {
  const page = openPage(['changed'], 400);
  await page.until(1_500);
  page.stop();
  page.show(false);
  page.show(true);
  await page.until(60_000);
  expect(page.looks).toEqual([0, 1_400]);
  expect(page.listens()).toBe(false);
});

test('however tabs are hidden and shown, it looks at most once a second and one at a time', async () => {
  const happening = fc.record({ after: fc.integer({ min: 0, max: 3_000 }), visible: fc.boolean() });
  const look = fc.constantFrom<Look>('changed', 'same');
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening),
      fc.array(look, { minLength: 1 }),
      fc.nat(2_000),
      async (happenings, looks, took) => {
        const page = openPage(looks, took);
        let now = 0;
        for (const { after, visible } of happenings) {
          now += after;
          await page.until(now);
          page.show(visible);
        }
        await page.until(now + 5_000);
        expect(page.most()).toBeLessThanOrEqual(1);
        for (const [index, at] of page.looks.entries()) {
          if (index > 0) expect(at - (page.looks[index - 1] ?? 0)).toBeGreaterThanOrEqual(SHORTEST);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('the wait never leaves its bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: SHORTEST, max: LONGEST }), fc.boolean(), (last, changed) => {
      const wait = nextWait(last, changed);
      expect(wait).toBeGreaterThanOrEqual(SHORTEST);
      expect(wait).toBeLessThanOrEqual(LONGEST);
    }),
  );
});
