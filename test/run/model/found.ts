import type { GroupStory } from './groups-story.ts';
import type { JobPlan, StepPlan } from './plan.ts';
import type { Story } from './story.ts';

const step = (behaviour: StepPlan['behaviour'], more: Partial<StepPlan> = {}): StepPlan => ({
  if: 'implied',
  behaviour,
  continues: 'absent',
  ...more,
});

const job = (steps: readonly StepPlan[], more: Partial<JobPlan> = {}): JobPlan => ({
  needs: [],
  if: 'implied',
  continues: 'absent',
  out: 'nothing',
  steps,
  ...more,
});

const story = (jobs: readonly JobPlan[], happenings: Story['happenings'] = []): Story => ({
  plan: { jobs, timeout: 3_600, maxParallelJobs: 30 },
  happenings,
  latencies: [0],
  inTheEnd: 'release',
  parkFails: [],
});

/** Stories that ended wrongly once. */
export const FOUND: readonly { readonly title: string; readonly story: Story }[] = [
  {
    title: 'a condition sees a need that was settled in the same breath',
    story: story([
      job([step({ does: 'fail' })], { if: 'always, broken' }),
      job([step({ does: 'succeed' })], { needs: [0], if: 'always, previous failed' }),
      job([step({ does: 'succeed' })]),
    ]),
  },
  {
    title: 'a cancellation that comes together with the answer that a step waits is not lost',
    story: story(
      [
        job([step({ does: 'sleep', seconds: 9 })]),
        job([step({ does: 'sleep', seconds: 2 }), step({ does: 'work', ms: 1 }), step({ does: 'wait' })]),
      ],
      [{ kind: 'cancel', turns: -1 }],
    ),
  },
  // The answer to its look comes while it writes that it parks; how slow the table has to be for that depends on the code.
  ...[[3], [3, 3, 1], [0, 2, 1], [0, 1, 3]].flatMap(latencies =>
    ([{ does: 'wait' }, { does: 'ask', minutes: 1, onTimeout: 'fail' }] as const).map(behaviour => ({
      title: `a signal that a worker reads while it parks is not lost (${behaviour.does}, ${latencies})`,
      story: {
        ...story(
          [job([step({ does: 'wait' })]), job([step({ does: 'sleep', seconds: 2 }), step(behaviour)])],
          [{ kind: 'release', which: 0, turns: -1 }],
        ),
        latencies,
        inTheEnd: 'leave' as const,
      },
    })),
  ),
  {
    title: 'a job whose beginning a crash has left without the end of its need does not go on before that',
    story: {
      ...story(
        [
          job([step({ does: 'succeed' }), step({ does: 'recover', failures: 1 }, { continues: 'yes' })]),
          job([step({ does: 'log' })]),
          job([step({ does: 'succeed' })], { needs: [0] }),
        ],
        [
          { kind: 'invoke', turns: 0 },
          { kind: 'death', operations: 1, writes: 2, zombie: false, turns: 8 },
        ],
      ),
      latencies: [3, 0, 3, 1, 0],
    },
  },
  {
    title: 'an approval that a worker asks for which was cut off does not outlive the run',
    story: {
      ...story(
        [
          job([step({ does: 'ask', minutes: 1, onTimeout: 'fail' })]),
          job([step({ does: 'ask', minutes: 1, onTimeout: 'fail' }), step({ does: 'succeed' })]),
          job([step({ does: 'work', ms: 1 })]),
        ],
        [
          { kind: 'invoke', turns: 1 },
          { kind: 'cancel', turns: 3 },
        ],
      ),
      latencies: [0, 2],
      inTheEnd: 'leave',
    },
  },
  {
    title: 'a step that only a cancellation kept from running makes its job a cancelled one',
    story: story(
      [
        job([
          step({ does: 'hang', deaf: true }, { continues: 'yes', timeout: 9 }),
          step({ does: 'succeed' }, { if: 'success or failure' }),
        ]),
      ],
      [
        { kind: 'time', seconds: 10, turns: -1 },
        { kind: 'cancel', turns: -1 },
      ],
    ),
  },
];

const begin = { kind: 'start', work: { does: 'succeed' }, timeout: 3_600, cancelOthers: false } as const;
const death = { operations: 1, writes: 0, zombie: false };

export const FOUND_IN_GROUPS: readonly { readonly title: string; readonly story: GroupStory }[] = [
  {
    title: 'a run that ends before it left the queue hands on all the same',
    story: {
      limit: 1,
      happenings: [
        { ...begin, turns: 0 },
        { ...begin, turns: -1 },
        { kind: 'refuse-start', turns: 0 },
        { kind: 'reconcile', death, turns: -1 },
        { kind: 'cancel', which: 0, turns: -1 },
        { ...begin, work: { does: 'work', seconds: 1 }, death, turns: 0 },
      ],
      latencies: [0, 0, 0, 2],
    },
  },
];
