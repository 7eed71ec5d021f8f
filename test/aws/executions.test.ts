import { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { serveStepFunctions } from '../../local/sdk/step-functions.ts';
import { createStateMachine, type StateMachine } from '../../local/step-functions/state-machine.ts';
import { createExecutions, type ExecutionsOptions } from '../../src/aws/executions.ts';
import { createCountingIds } from '../kit/counting-ids.ts';
import { executionsContract } from '../kit/executions-contract.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';
import { PIPELINE_RUN } from '../kit/pipeline-run.ts';

/** The AWS adapter, by the AWS SDK, over a loopback endpoint. */
async function open(machine: StateMachine, clock: FakeClock, options: Partial<ExecutionsOptions> = {}) {
  const stateMachineArn = machine.arn;
  const endpoint = await serveStepFunctions({ machine, stateMachineArn });
  const client = new SFNClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    executions: createExecutions({ client, stateMachineArn, clock, ...options }),
    async close() {
      client.destroy();
      machine.close();
      await endpoint.close();
    },
  };
}

executionsContract('AWS', (machine, clock) => open(machine, clock));

describe('the AWS adapter', () => {
  const INPUT = { org: 'o', app: 'a', pipeline: 'p', run: 'r' };

  function openMachine() {
    const clock = createFakeClock();
    const functions = { 'run-jobs': () => new Promise(() => undefined), 'park-run': async () => null };
    return { clock, machine: createStateMachine(PIPELINE_RUN, { functions, clock, ids: createCountingIds() }) };
  }

  it('tells the meter of every request', async () => {
    const { machine, clock } = openMachine();
    const told: string[] = [];
    const { executions, close } = await open(machine, clock, { meter: operation => told.push(operation) });
    await executions.start('a', INPUT);
    await executions.start('a', { ...INPUT, run: 'other' });
    await executions.wake('t');
    await executions.stop('a', 'why');
    await executions.look('a');
    const requests = ['StartExecution', 'StartExecution', 'SendTaskSuccess', 'StopExecution', 'DescribeExecution'];
    expect(told).toEqual(requests);
    await close();
  });

  it('passes on what it does not know', async () => {
    const { machine, clock } = openMachine();
    const { executions, close } = await open(machine, clock, { stateMachineArn: `${machine.arn}-of-another` });
    await expect(executions.start('a', INPUT)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await close();
    await expect(executions.look('a')).rejects.toThrow();
  });

  it('cuts a cause that is too long', async () => {
    const { machine, clock } = openMachine();
    const { executions, close } = await open(machine, clock);
    machine.start('a', INPUT);
    await executions.stop('a', 'x'.repeat(40_000));
    expect(machine.look('a')).toMatchObject({ error: 'Stopped', cause: 'x'.repeat(32_768) });
    await close();
  });

  it('waits in pauses that grow, for each name by itself, and never longer than asked', async () => {
    const clock = createFakeClock();
    const { machine } = openMachine();
    const { executions, close } = await open(machine, clock);
    const pauses: number[] = [];
    const waits: readonly (readonly [string, number])[] = [
      ...Array.from({ length: 6 }, () => ['a', 60_000] as const),
      ['b', 60_000],
      ['a', 300],
    ];
    for (const [name, ms] of waits) {
      const before = clock.now();
      const waiting = executions.ended(name, ms);
      await clock.advance((clock.pendingUntil()[0] ?? before) - before);
      await waiting;
      pauses.push(clock.now() - before);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000, 100, 300]);
    await close();
  });

  it('begins with short pauses again when nobody waited for a while', async () => {
    const { machine, clock } = openMachine();
    const { executions, close } = await open(machine, clock);
    for (const pause of [100, 200, 100]) {
      const waiting = executions.ended('a', 60_000);
      expect(clock.pendingUntil()).toEqual([clock.now() + pause]);
      await clock.advance(pause);
      await waiting;
      if (pause === 200) await clock.advance(1000);
    }
    await close();
  });
});
