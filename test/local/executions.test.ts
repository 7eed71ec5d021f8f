import { expect, it } from 'vitest';
import { createExecutions } from '../../local/executions.ts';
import { createStateMachine } from '../../local/step-functions/state-machine.ts';
import { createCountingIds } from '../kit/counting-ids.ts';
import { executionsContract } from '../kit/executions-contract.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { PIPELINE_RUN } from '../kit/pipeline-run.ts';

executionsContract('embedded', async machine => ({
  executions: createExecutions(machine),
  close: async () => machine.close(),
}));

it('answers a start before RunJobs is called', async () => {
  const order: string[] = [];
  const clock = createFakeClock();
  const machine = createStateMachine(PIPELINE_RUN, {
    functions: {
      'run-jobs': async () => {
        order.push('RunJobs is called');
        return { next: 'done' };
      },
      'park-run': async () => null,
    },
    clock,
    ids: createCountingIds(),
  });
  const executions = createExecutions(machine);
  order.push(await executions.start('run-1', { org: 'o', app: 'a', pipeline: 'p', run: 'run-1' }));
  const [ended] = [executions.ended('run-1', 60_000).then(() => order.push('ended')), await clock.flush()];
  await ended;
  expect(order).toEqual(['started', 'RunJobs is called', 'ended']);
});
