import { afterEach, describe, expect, it } from 'vitest';
import { createStateMachine, type StateMachine } from '../../local/step-functions/state-machine.ts';
import type { Json } from '../../src/json.ts';
import type { ExecutionInput, Executions } from '../../src/ports/executions.ts';
import { createCountingIds } from './counting-ids.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { PIPELINE_RUN } from './pipeline-run.ts';

export type OpenExecutions = (
  machine: StateMachine,
  clock: FakeClock,
) => Promise<{ readonly executions: Executions; close(): Promise<void> }>;

const INPUT: ExecutionInput = { org: 'acme', app: 'shop', pipeline: 'deploy', run: 'run-1' };
const PARK = { next: 'park', epoch: 2, signal: 3, seconds: 60 };
const DONE = { next: 'done' };

/** What every adapter of the `executions` port keeps, with the real state machine behind it. */
export function executionsContract(title: string, open: OpenExecutions): void {
  describe(`executions: ${title}`, () => {
    const opened: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      for (const { close } of opened.splice(0)) await close();
    });

    /** @param answers of RunJobs, one a call; an error is thrown; the last stands for all later ones */
    async function setUp(
      answers: readonly (Json | Error | Promise<Json>)[],
      onPark?: (token: string) => Promise<void>,
    ) {
      const clock = createFakeClock();
      const calls: Json[] = [];
      const parked: { readonly token: string; readonly input: Json; readonly epoch: Json; readonly signal: Json }[] =
        [];
      const machine = createStateMachine(PIPELINE_RUN, {
        functions: {
          'run-jobs': async payload => {
            const answer = answers[Math.min(calls.push(payload), answers.length) - 1];
            if (answer instanceof Error) throw answer;
            return answer;
          },
          'park-run': async payload => {
            const call = payload as (typeof parked)[number];
            parked.push(call);
            await onPark?.(call.token);
          },
        },
        clock,
        ids: createCountingIds(),
        random: () => 0.5,
      });
      const { executions, close } = await open(machine, clock);
      opened.push({ close });
      const tokenOf = (index: number) => parked[index]?.token ?? 'nobody parked';
      return { clock, calls, parked, machine, executions, tokenOf };
    }

    it('runs a started execution with its input to its end', async () => {
      const { executions, calls, clock } = await setUp([DONE]);
      expect(await executions.look('run-1')).toBe('missing');
      expect(await executions.start('run-1', INPUT)).toBe('started');
      await clock.flush();
      expect(calls).toEqual([INPUT]);
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it('calls RunJobs again as long as it says so', async () => {
      const { executions, calls, clock } = await setUp([{ next: 'again' }, { next: 'again' }, DONE]);
      await executions.start('run-1', INPUT);
      await clock.flush();
      expect(calls).toEqual([INPUT, INPUT, INPUT]);
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it('starts a name once while it runs', async () => {
      const { executions, calls, clock } = await setUp([new Promise<Json>(() => undefined)]);
      expect(await executions.start('run-1', INPUT)).toBe('started');
      // AWS answers a repeated request as it did the first time.
      expect(['exists', 'started']).toContain(await executions.start('run-1', INPUT));
      expect(await executions.start('run-1', { ...INPUT, org: 'other' })).toBe('exists');
      await clock.flush();
      expect(calls).toEqual([INPUT]);
      expect(await executions.look('run-1')).toBe('running');
    });

    it('starts a name once, also when it is over', async () => {
      const { executions, calls, clock } = await setUp([DONE]);
      await executions.start('run-1', INPUT);
      await clock.flush();
      expect(await executions.start('run-1', INPUT)).toBe('exists');
      await clock.flush();
      expect(calls).toHaveLength(1);
    });

    it('keeps executions apart', async () => {
      const { executions, clock } = await setUp([PARK, DONE]);
      await executions.start('run-1', INPUT);
      await clock.flush();
      await executions.start('run-2', { ...INPUT, run: 'run-2' });
      await clock.flush();
      expect(await executions.look('run-1')).toBe('running');
      expect(await executions.look('run-2')).toBe('succeeded');
    });

    it('wakes what is parked, once', async () => {
      const { executions, calls, parked, clock, tokenOf } = await setUp([PARK, DONE]);
      await executions.start('run-1', INPUT);
      await clock.flush();
      expect(parked).toEqual([{ token: tokenOf(0), input: INPUT, epoch: 2, signal: 3 }]);
      expect(await executions.look('run-1')).toBe('running');
      expect(await executions.wake(tokenOf(0))).toBe('woken');
      expect(await executions.wake(tokenOf(0))).toBe('gone');
      await clock.flush();
      expect(calls).toEqual([INPUT, INPUT]);
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it('takes a wake that comes before the park returned', async () => {
      const wakes: string[] = [];
      const { executions, calls, clock, machine } = await setUp([PARK, DONE], async token => {
        wakes.push(await executions.wake(token));
      });
      await executions.start('run-1', INPUT);
      // The wake may go through a socket, which no flush awaits: the execution is asked until it is over.
      while (machine.look('run-1')?.status === 'running' || wakes.length === 0) await clock.flush();
      expect(wakes).toEqual(['woken']);
      expect(calls).toHaveLength(2);
    });

    it('wakes by itself when the time of the park has passed', async () => {
      const { executions, calls, clock, tokenOf } = await setUp([PARK, PARK, DONE]);
      await executions.start('run-1', INPUT);
      await clock.advance(59_999);
      expect(calls).toHaveLength(1);
      await clock.advance(1);
      expect(calls).toHaveLength(2);
      expect(await executions.wake(tokenOf(0))).toBe('gone');
      expect(await executions.wake(tokenOf(1))).toBe('woken');
      await clock.flush();
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it('knows no other token', async () => {
      const { executions } = await setUp([DONE]);
      expect(await executions.wake('task-of-another-time')).toBe('gone');
      expect(await executions.wake('nonsense')).toBe('gone');
    });

    it('stops what waits, for good', async () => {
      const { executions, calls, clock, tokenOf } = await setUp([PARK]);
      await executions.start('run-1', INPUT);
      await clock.flush();
      await executions.stop('run-1', 'cancelled by hand');
      expect(await executions.look('run-1')).toBe('stopped');
      expect(await executions.wake(tokenOf(0))).toBe('gone');
      await clock.advance(100_000);
      expect(calls).toHaveLength(1);
    });

    it('stops nothing that is over or never was', async () => {
      const { executions, clock } = await setUp([DONE]);
      await executions.stop('run-1', 'too early');
      await executions.start('run-1', INPUT);
      await clock.flush();
      await executions.stop('run-1', 'too late');
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it('ends what is not over a day after the longest run', async () => {
      const day = 86_400_000;
      const { executions, clock, tokenOf } = await setUp([{ ...PARK, seconds: 99_999_999 }]);
      await executions.start('run-1', INPUT);
      await clock.advance(31 * day - 1);
      expect(await executions.look('run-1')).toBe('running');
      await clock.advance(1);
      expect(await executions.look('run-1')).toBe('timed-out');
      expect(await executions.wake(tokenOf(0))).toBe('gone');
    });

    it('tells when RunJobs failed to the last retry', async () => {
      const { executions, calls, clock } = await setUp([new Error('the table is on fire')]);
      await executions.start('run-1', INPUT);
      await clock.advance(1_200_000);
      expect(calls).toHaveLength(13);
      expect(await executions.look('run-1')).toBe('failed');
    });

    it('retries RunJobs and goes on', async () => {
      const { executions, calls, clock } = await setUp([new Error('a hiccup'), DONE]);
      await executions.start('run-1', INPUT);
      await clock.advance(1_000);
      expect(calls).toHaveLength(2);
      expect(await executions.look('run-1')).toBe('succeeded');
    });

    it.each([
      { name: 'run-1', answers: [DONE] },
      { name: 'run-1', answers: [PARK] },
      { name: 'unknown', answers: [DONE] },
    ])('ended resolves at the latest after its time: $name, $answers', async ({ name, answers }) => {
      const { executions, clock } = await setUp(answers);
      await executions.start('run-1', INPUT);
      await clock.flush();
      const waiting = executions.ended(name, 2_000);
      await clock.advance(2_000);
      await waiting;
    });
  });
}
