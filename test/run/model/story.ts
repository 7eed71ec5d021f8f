import fc from 'fast-check';
import type { Plan } from './plan.ts';

/** Something that comes from outside. `turns`: of the event loop before it, -1: when all has come to rest. */
export type Happening = { readonly turns: number } & (
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'signal' | 'cancel' | 'invoke' }
  /** Lets one of the waiting steps go. */
  | { readonly kind: 'release'; readonly which: number }
  /** Decides about one of the approvals. */
  | { readonly kind: 'decide'; readonly which: number; readonly as: 'approved' | 'denied' }
  | {
      readonly kind: 'death';
      readonly operations: number;
      readonly writes: number;
      readonly zombie: boolean;
    }
);

export type Story = {
  readonly plan: Plan;
  readonly happenings: readonly Happening[];
  /** Turns of the event loop before and after each call of the table, in a circle. */
  readonly latencies: readonly number[];
  /** What becomes of steps that wait for the world in the end. */
  readonly inTheEnd: 'release' | 'leave';
  /** Whether ParkRun fails, one call after the other. */
  readonly parkFails: readonly boolean[];
};

const happening: fc.Arbitrary<Happening> = fc
  .oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('time'), seconds: fc.constantFrom(1, 3, 10, 60, 400) }) },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'signal' }, { kind: 'invoke' }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'cancel' }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('release'), which: fc.nat({ max: 20 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('decide'),
        which: fc.nat({ max: 20 }),
        as: fc.constantFrom('approved', 'denied'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('death'),
        operations: fc.nat({ max: 12 }),
        writes: fc.nat({ max: 8 }),
        zombie: fc.boolean(),
      }),
    },
  )
  .chain(one => fc.constantFrom(-1, 0, 1, 3, 8).map(turns => ({ ...one, turns }) as Happening)); // as: oneof loses which

export function storyArbitrary(plan: fc.Arbitrary<Plan>): fc.Arbitrary<Story> {
  return fc.record({
    plan,
    happenings: fc.array(happening, { maxLength: 8 }),
    latencies: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }),
    inTheEnd: fc.constantFrom('release', 'leave'),
    parkFails: fc.array(fc.boolean(), { minLength: 0, maxLength: 3 }),
  });
}
