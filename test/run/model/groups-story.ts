import fc from 'fast-check';
import type { Death } from './invocation.ts';

/** What the one step of a run does. */
export type Work = { readonly does: 'succeed' | 'fail' | 'wait' } | { readonly does: 'work'; readonly seconds: number };

export type GroupHappening = {
  /** Turns of the event loop before it, -1: when all has come to rest. */
  readonly turns: number;
  /** The one who does it dies on the way. */
  readonly death?: Death;
} & (
  | { readonly kind: 'start'; readonly work: Work; readonly timeout: number; readonly cancelOthers: boolean }
  | { readonly kind: 'cancel' | 'stop' | 'die' | 'release'; readonly which: number }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'reconcile' | 'refuse-start' }
);

export type GroupStory = {
  readonly limit: number;
  readonly happenings: readonly GroupHappening[];
  readonly latencies: readonly number[];
};

const death: fc.Arbitrary<Death> = fc.record({
  operations: fc.nat({ max: 10 }),
  writes: fc.nat({ max: 1 }),
  zombie: fc.boolean(),
});

const mayDie = fc.option(death, { freq: 3, nil: undefined });

const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Work>({ does: 'succeed' }, { does: 'fail' }, { does: 'wait' }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('work'), seconds: fc.constantFrom(1, 4, 30) }) },
);

const which = fc.nat({ max: 30 });

const groupHappening = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('start'),
        work,
        timeout: fc.constantFrom(3_600, 10, 60),
        cancelOthers: fc.oneof(
          { weight: 7, arbitrary: fc.constant(false) },
          { weight: 3, arbitrary: fc.constant(true) },
        ),
        death: mayDie,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), which, death: mayDie }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('stop', 'release'), which }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('die'), which, death }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('time'), seconds: fc.constantFrom(1, 5, 30, 100) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconcile'), death: mayDie }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'refuse-start' }) },
  )
  .chain(
    one =>
      fc
        .oneof({ weight: 1, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat({ max: 8 }) })
        .map(turns => ({ ...one, turns }) as GroupHappening), // as: oneof loses which fields belong together
  );

export const groupStoryArbitrary: fc.Arbitrary<GroupStory> = fc.record({
  limit: fc.constantFrom(1, 2, 3),
  happenings: fc.array(groupHappening, { maxLength: 25, size: '+1' }),
  latencies: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }),
});
