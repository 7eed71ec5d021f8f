import { describe, expect, it } from 'vitest';
import { createStateMachine, type LambdaFunction } from '../../../local/step-functions/state-machine.ts';
import { catchCases } from '../../fixtures/state-machines/catch.ts';
import { choiceCases } from '../../fixtures/state-machines/choice.ts';
import { jsonataCases } from '../../fixtures/state-machines/jsonata.ts';
import type { Behaviour, MachineCase, Outside } from '../../fixtures/state-machines/machine-case.ts';
import { refusedCases } from '../../fixtures/state-machines/refused.ts';
import { retryCases } from '../../fixtures/state-machines/retry.ts';
import { taskCases } from '../../fixtures/state-machines/task.ts';
import { taskTokenCases } from '../../fixtures/state-machines/task-token.ts';
import { timeoutCases } from '../../fixtures/state-machines/timeout.ts';
import { createCountingIds } from '../../kit/counting-ids.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

const tables: Readonly<Record<string, readonly MachineCase[]>> = {
  task: taskCases,
  retry: retryCases,
  catch: catchCases,
  'time-out': timeoutCases,
  'task token': taskTokenCases,
  choice: choiceCases,
  JSONata: jsonataCases,
};

const NAME = 'run-1';
/** Longer than any case waits. */
const LONG_SECONDS = 400 * 86_400;

for (const [title, cases] of Object.entries(tables)) {
  describe(title, () => {
    it.each(cases)('$name', async row => {
      const { transitions, calledAt, payloads, ...ending } = row.expected;
      const seen = await run(row);
      expect(seen.transitions).toEqual(transitions);
      if (calledAt !== undefined) expect(seen.calledAt).toEqual(calledAt);
      if (payloads !== undefined) expect(seen.payloads).toEqual(payloads);
      if (ending.endedAt !== undefined) expect(seen.endedAt).toBe(ending.endedAt);
      if (ending.error === undefined) expect(seen.execution).toMatchObject({ status: 'succeeded' });
      else expect(seen.execution).toMatchObject({ status: 'failed', error: ending.error });
      if ('output' in ending) expect(seen.execution).toHaveProperty('output', ending.output);
      if (ending.cause === '') expect(seen.execution).toHaveProperty('cause', '');
      if (ending.cause !== undefined)
        expect(seen.execution).toHaveProperty('cause', expect.stringContaining(ending.cause));
    });
  });
}

describe('what is refused at start-up', () => {
  it.each(refusedCases)('$name', ({ machine, problems }) => {
    expect(() => open(JSON.stringify(machine))).toThrow(/this state machine cannot be run here:\n/);
    for (const problem of problems) expect(() => open(JSON.stringify(machine))).toThrow(problem);
  });

  it('says every problem once', () => {
    const { message } = caught(() =>
      open('{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Foo":1}}}'),
    );
    expect(message.split('\n  ').slice(1)).toEqual([
      'state "A": field "Type" "Pass" is not supported',
      'state "A": field "Foo" is not supported',
    ]);
  });

  it('refuses what is not JSON', () => {
    expect(() => open('{')).toThrow('its definition is not JSON');
  });

  function open(text: string) {
    const clock = createFakeClock();
    return createStateMachine(text, { functions: { f: async () => null }, clock, ids: createCountingIds() });
  }
});

/** Runs one case to its end by a clock of its own. */
async function run(row: MachineCase) {
  const clock = createFakeClock();
  const start = clock.now();
  const elapsed = () => (clock.now() - start) / 1000;
  const seen = { transitions: [] as string[], calledAt: [] as number[], payloads: [] as unknown[] };
  let token = '';

  const functions = Object.entries(row.functions ?? {}).map(([name, behaviours]): [string, LambdaFunction] => {
    let calls = 0;
    return [
      name,
      async payload => {
        const behaviour = behaviours[Math.min(calls++, behaviours.length - 1)] ?? 'hangs';
        seen.payloads.push(payload);
        seen.calledAt.push(elapsed());
        if (typeof payload === 'object' && payload !== null && 'token' in payload) token = String(payload.token);
        return act(behaviour);
      },
    ];
  });

  async function act(behaviour: Behaviour): Promise<unknown> {
    if (behaviour === 'hangs') return new Promise(() => undefined);
    if ('wakes' in behaviour) return machine.sendTaskSuccess(token, behaviour.wakes);
    if (behaviour.after !== undefined) await clock.sleep(behaviour.after * 1000);
    if ('throws' in behaviour) throw behaviour.throws;
    return behaviour.answers;
  }

  function send(outside: Outside) {
    return 'success' in outside
      ? machine.sendTaskSuccess(token, outside.success)
      : machine.sendTaskFailure(token, outside.failure, 'from outside');
  }

  const machine = createStateMachine(JSON.stringify(row.machine), {
    functions: Object.fromEntries(functions),
    clock,
    ids: createCountingIds(),
    random: () => row.random ?? 0.5,
    onTransition: (_, state) => seen.transitions.push(state),
  });
  expect(machine.start(NAME, row.input ?? {})).toBe('started');
  for (const outside of row.outside ?? []) {
    await clock.advance((outside.at - elapsed()) * 1000);
    expect(send(outside)).toBe(outside.answer ?? 'accepted');
  }
  await clock.advance(LONG_SECONDS * 1000);
  const execution = machine.look(NAME);
  const endedAt = execution !== undefined && 'endedAt' in execution ? (execution.endedAt - start) / 1000 : undefined;
  return { ...seen, execution, endedAt };
}

function caught(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
