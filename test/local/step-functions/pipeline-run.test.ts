import { expect, it } from 'vitest';
import { createStateMachine } from '../../../local/step-functions/state-machine.ts';
import type { Json } from '../../../src/json.ts';
import { createCountingIds } from '../../kit/counting-ids.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { PIPELINE_RUN } from '../../kit/pipeline-run.ts';

const DONE = { next: 'done' };
const PARK = { next: 'park', epoch: 1, signal: 0, seconds: 5 };
/** The first try and six more, with pauses between them. */
const PARKS = Array(7).fill('Park').join(' ');

function throttled(): never {
  throw Object.assign(new Error('slow down'), { name: 'Lambda.TooManyRequestsException' });
}

const rows: readonly {
  name: string;
  runJobs: readonly (Json | (() => never))[];
  park?: () => never;
  transitions: string;
  status: string;
}[] = [
  { name: 'a run that never waits', runJobs: [DONE], transitions: 'RunJobs Settled? Done', status: 'succeeded' },
  {
    name: 'a run that hands over',
    runJobs: [{ next: 'again' }, DONE],
    transitions: 'RunJobs Settled? RunJobs Settled? Done',
    status: 'succeeded',
  },
  {
    name: 'a run that waits once',
    runJobs: [PARK, DONE],
    transitions: 'RunJobs Settled? Park RunJobs Settled? Done',
    status: 'succeeded',
  },
  {
    name: 'an answer that says nothing known is taken for another turn',
    runJobs: [{}, DONE],
    transitions: 'RunJobs Settled? RunJobs Settled? Done',
    status: 'succeeded',
  },
  {
    name: 'a park that cannot be written is tried again and does not lose the run',
    runJobs: [PARK, DONE],
    park: () => {
      throw new Error('the table is on fire');
    },
    transitions: `RunJobs Settled? ${PARKS} RunJobs Settled? Done`,
    status: 'succeeded',
  },
  {
    name: 'a park without a time is tried again, then looked at again',
    runJobs: [{ next: 'park', epoch: 1, signal: 0 }, DONE],
    transitions: `RunJobs Settled? ${PARKS} RunJobs Settled? Done`,
    status: 'succeeded',
  },
  {
    name: 'RunJobs is retried twenty times when Lambda is busy',
    runJobs: [throttled],
    transitions: Array(21).fill('RunJobs').join(' '),
    status: 'failed',
  },
];

it.each(rows)('$name', async ({ runJobs, park, transitions, status }) => {
  const clock = createFakeClock();
  const entered: string[] = [];
  let calls = 0;
  const machine = createStateMachine(PIPELINE_RUN, {
    functions: {
      'run-jobs': async () => {
        const answer = runJobs[Math.min(++calls, runJobs.length) - 1];
        return typeof answer === 'function' ? answer() : answer;
      },
      'park-run': async () => park?.(),
    },
    clock,
    ids: createCountingIds(),
    onTransition: (_, state) => entered.push(state),
  });
  machine.start('r', {});
  await clock.advance(3_600_000);
  expect(entered.join(' ')).toBe(transitions);
  expect(machine.look('r')?.status).toBe(status);
});
