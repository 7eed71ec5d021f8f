import { getEventListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  createStateMachine,
  type LambdaFunction,
  type StateMachineOptions,
} from '../../../local/step-functions/state-machine.ts';
import type { Json } from '../../../src/json.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { args, machine as define, task, waitingTask } from '../../fixtures/state-machines/machine-case.ts';
import { createCountingIds } from '../../kit/counting-ids.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

const ONE_TASK = define({ A: task({ Output: '{% $states.result.Payload %}' }) });
const WAITING = define({ A: waitingTask({ TimeoutSeconds: 60, Next: 'B' }), B: task() });

function open(definition: unknown, f: LambdaFunction, options: Partial<StateMachineOptions> = {}) {
  const clock = createFakeClock();
  const text = JSON.stringify(definition);
  const machine = createStateMachine(text, { functions: { f }, clock, ids: createCountingIds(), ...options });
  return { machine, clock };
}

describe('start', () => {
  it('answers before a function is called', async () => {
    let calls = 0;
    const { machine, clock } = open(ONE_TASK, async () => ++calls);
    expect(machine.start('a', {})).toBe('started');
    await Promise.resolve();
    expect(calls).toBe(0);
    expect(machine.look('a')).toMatchObject({ name: 'a', status: 'running', startedAt: clock.now() });
    await clock.flush();
    expect(machine.look('a')).toMatchObject({ status: 'succeeded', output: 1 });
  });

  it('starts a name once, running or over', async () => {
    let calls = 0;
    const { machine, clock } = open(ONE_TASK, async () => ++calls);
    expect([machine.start('a', 1), machine.start('a', 1)]).toEqual(['started', 'exists']);
    await clock.flush();
    expect(machine.start('a', 1)).toBe('exists');
    await clock.flush();
    expect(calls).toBe(1);
  });

  it('takes a copy of the input, and gives copies to functions', async () => {
    const input = { list: [1] };
    const seen: unknown[] = [];
    const state = (payload: Json, Next: string) => task({ Arguments: args(payload), Output: {}, Next });
    const definition = define({
      A: state('{% $states.input %}', 'B'),
      B: state('{% $states.context.Execution.Input %}', 'C'),
      C: state({ list: ['literal'] }, 'D'),
      D: state('{% $states.context.Execution.Input %}', 'Done'),
      Done: { Type: 'Succeed' },
    });
    const { machine, clock } = open(definition, async payload => {
      seen.push(structuredClone(payload));
      if (typeof payload === 'object' && payload !== null) Object.assign(payload, { list: 'changed' });
    });
    machine.start('a', input);
    machine.start('b', input);
    input.list.push(2);
    await clock.flush();
    const own = { list: [1] };
    const literal = { list: ['literal'] };
    expect(seen.filter(payload => isDeepStrictEqual(payload, own))).toHaveLength(6);
    expect(seen.filter(payload => isDeepStrictEqual(payload, literal))).toHaveLength(2);
    expect(machine.look('a')).toMatchObject({ input: own });
  });

  it('runs executions side by side', async () => {
    const order: unknown[] = [];
    const { machine, clock } = open(ONE_TASK, async payload => {
      order.push(payload);
      await clock.sleep(payload === 'slow' ? 2000 : 1000);
      order.push(payload);
    });
    machine.start('a', 'slow');
    machine.start('b', 'fast');
    await clock.advance(5000);
    expect(order).toEqual(['slow', 'fast', 'fast', 'slow']);
  });
});

describe('what is told about an execution', () => {
  it('counts a transition per state and retry, an invocation per call', async () => {
    const told: string[] = [];
    let calls = 0;
    const definition = define({ A: task({ Retry: [{ ErrorEquals: ['Error'] }], Next: 'B' }), B: { Type: 'Succeed' } });
    const { machine, clock } = open(
      definition,
      async () => {
        if (++calls === 1) throw new Error('first');
      },
      {
        onTransition: (execution, state) => told.push(`${execution} → ${state}`),
        onInvocation: (execution, functionName) => told.push(`${execution} calls ${functionName}`),
      },
    );
    machine.start('a', {});
    await clock.advance(1000);
    expect(told).toEqual(['a → A', 'a calls f', 'a → A', 'a calls f', 'a → B']);
  });

  it('forgets the oldest that are over, never one that runs', async () => {
    const { machine, clock } = open(
      ONE_TASK,
      payload => (payload === 'hang' ? new Promise(() => undefined) : Promise.resolve()),
      {
        keep: 2,
        history: true,
      },
    );
    machine.start('hanging', 'hang');
    for (const name of ['a', 'b', 'c']) {
      machine.start(name, {});
      await clock.flush();
    }
    expect(['hanging', 'a', 'b', 'c'].map(name => machine.look(name)?.status)).toEqual([
      'running',
      undefined,
      'succeeded',
      'succeeded',
    ]);
    expect(machine.history('a')).toEqual([]);
    expect(machine.history('b')).not.toEqual([]);
    expect(machine.start('a', {})).toBe('started');
  });

  it('keeps a history only when asked to', async () => {
    const { machine, clock } = open(ONE_TASK, async () => 1);
    machine.start('a', {});
    await clock.flush();
    expect(machine.history('a')).toEqual([]);
  });

  it('writes down what happened, in order, with the time', async () => {
    let calls = 0;
    const definition = define({
      A: task({ Retry: [{ ErrorEquals: ['string'] }], Output: 'out', Next: 'B' }),
      B: { Type: 'Succeed' },
    });
    const { machine, clock } = open(
      definition,
      async () => {
        if (++calls === 1) throw 'no';
      },
      { history: true },
    );
    const at = clock.now();
    machine.start('a', 'in');
    await clock.advance(1000);
    const cause = '{"errorType":"string","errorMessage":"no","trace":[]}';
    expect(machine.history('a')).toEqual([
      { type: 'ExecutionStarted', at, input: 'in' },
      { type: 'StateEntered', at, state: 'A', input: 'in' },
      { type: 'TaskScheduled', at, state: 'A', functionName: 'f', payload: 'in' },
      { type: 'TaskFailed', at, state: 'A', error: 'string', cause },
      { type: 'TaskScheduled', at: at + 1000, state: 'A', functionName: 'f', payload: 'in' },
      { type: 'StateExited', at: at + 1000, state: 'A', output: 'out' },
      { type: 'StateEntered', at: at + 1000, state: 'B', input: 'out' },
      { type: 'StateExited', at: at + 1000, state: 'B', output: 'out' },
      { type: 'ExecutionSucceeded', at: at + 1000, output: 'out' },
    ]);
  });

  it('a listener that throws fails the execution, and not the process', async () => {
    const { machine, clock } = open(ONE_TASK, async () => 1, {
      onTransition() {
        throw new Error('a bug');
      },
    });
    machine.start('a', {});
    await clock.flush();
    expect(machine.look('a')).toMatchObject({
      status: 'failed',
      error: 'States.Runtime',
      cause: expect.stringContaining('a bug'),
    });
  });
});

describe('stop', () => {
  const rows = [
    { name: 'a task that runs', definition: ONE_TASK, f: () => new Promise(() => undefined) },
    { name: 'a task that waits for its token', definition: WAITING, f: async () => null },
    {
      name: 'a retry that waits',
      definition: define({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60 }] }) }),
      f: () => Promise.reject(new Error('no')),
    },
  ];

  it.each(rows)('ends $name at once, and no timer stays', async ({ definition, f }) => {
    let calls = 0;
    const { machine, clock } = open(definition, () => {
      calls++;
      return f();
    });
    machine.start('a', {});
    await clock.advance(1000);
    expect(machine.stop('a', 'Stopped', 'by hand')).toMatchObject({ status: 'stopped', endedAt: clock.now() });
    expect(clock.pendingUntil()).toEqual([]);
    await clock.advance(100_000);
    expect(calls).toBe(1);
    expect(machine.look('a')).toMatchObject({ status: 'stopped', error: 'Stopped', cause: 'by hand' });
  });

  it('is the last thing in the history', async () => {
    const { machine, clock } = open(ONE_TASK, () => clock.sleep(1000), { history: true });
    machine.start('a', {});
    await clock.flush();
    machine.stop('a', 'Stopped', '');
    await clock.advance(5000);
    const types = machine.history('a').map(event => event.type);
    expect(types).toEqual(['ExecutionStarted', 'StateEntered', 'TaskScheduled', 'ExecutionAborted']);
  });

  it('does not reach an execution that took the name since', async () => {
    const { machine, clock } = open(ONE_TASK, () => new Promise(() => undefined), { keep: 0 });
    machine.start('a', {});
    await clock.flush();
    machine.stop('a', 'Stopped', '');
    expect(machine.start('a', {})).toBe('started');
    await clock.flush();
    expect(machine.look('a')).toMatchObject({ status: 'running' });
  });

  it('is listened to only while something waits', async () => {
    const signals: AbortSignal[] = [];
    const clock = createFakeClock();
    const watched: Clock = {
      now: clock.now,
      sleep(ms, signal) {
        if (signal !== undefined) signals.push(signal);
        return clock.sleep(ms, signal);
      },
    };
    const definition = define({ A: task({ TimeoutSeconds: 9, Retry: [{ ErrorEquals: ['States.ALL'] }] }) });
    const { machine } = open(definition, () => Promise.reject(new Error('no')), { clock: watched });
    machine.start('a', {});
    await clock.advance(60_000);
    // Four time-outs and three waits for a retry.
    expect(signals.map(signal => getEventListeners(signal, 'abort').length)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('before the first state nothing is called', async () => {
    let calls = 0;
    const { machine, clock } = open(ONE_TASK, async () => ++calls);
    machine.start('a', {});
    machine.stop('a', 'Stopped', '');
    await clock.flush();
    expect(calls).toBe(0);
  });

  it('changes nothing that is over, and does not know what never was', async () => {
    const { machine, clock } = open(ONE_TASK, async () => 1);
    machine.start('a', {});
    await clock.flush();
    expect(machine.stop('a', 'Stopped', '')).toMatchObject({ status: 'succeeded' });
    expect(machine.stop('b', 'Stopped', '')).toBeUndefined();
  });

  it('an answer that comes later changes nothing', async () => {
    const { machine, clock } = open(ONE_TASK, () => clock.sleep(2000));
    machine.start('a', {});
    await clock.advance(1000);
    machine.stop('a', 'Stopped', '');
    await clock.advance(5000);
    expect(machine.look('a')).toMatchObject({ status: 'stopped' });
  });
});

describe('the time limit of a machine', () => {
  const LIMITED = { ...(ONE_TASK as object), TimeoutSeconds: 10 }; // as: a machine is an object

  it('ends an execution that is at work, and what its task answers then changes nothing', async () => {
    const { machine, clock } = open(LIMITED, () => clock.sleep(60_000), { history: true });
    machine.start('a', {});
    await clock.advance(9_999);
    expect(machine.look('a')).toMatchObject({ status: 'running' });
    await clock.advance(1);
    const end = { status: 'timed-out', error: 'States.Timeout', endedAt: clock.now() };
    expect(machine.look('a')).toMatchObject(end);
    await clock.advance(60_000);
    expect(machine.look('a')).toMatchObject(end);
    expect(machine.history('a').at(-1)).toMatchObject({ type: 'ExecutionTimedOut' });
  });

  it('is forgotten when the execution is over, and with the machine', async () => {
    const { machine, clock } = open(LIMITED, async () => 1);
    machine.start('a', {});
    await clock.flush();
    expect(machine.look('a')).toMatchObject({ status: 'succeeded' });
    expect(clock.pendingUntil()).toEqual([]);
    machine.start('b', {});
    machine.stop('b', 'Stopped', '');
    machine.start('c', {});
    machine.close();
    await clock.flush();
    expect(clock.pendingUntil()).toEqual([]);
  });
});

describe('task tokens', () => {
  it('are unknown, gone or accepted', async () => {
    let token = '';
    const { machine, clock } = open(WAITING, async payload => {
      token = JSON.parse(JSON.stringify(payload)).token ?? token;
    });
    expect(machine.sendTaskSuccess('nonsense', {})).toBe('unknown');
    expect(machine.sendTaskFailure('task-of-another-process', 'E', '')).toBe('gone');
    machine.start('a', {});
    await clock.flush();
    expect(machine.sendTaskSuccess(token, {})).toBe('accepted');
    expect(machine.sendTaskSuccess(token, {})).toBe('gone');
    expect(machine.sendTaskFailure(token, 'E', '')).toBe('gone');
  });

  it('are gone with their execution', async () => {
    let token = '';
    const { machine, clock } = open(WAITING, async payload => {
      token = JSON.parse(JSON.stringify(payload)).token;
    });
    machine.start('a', {});
    await clock.flush();
    machine.stop('a', 'Stopped', '');
    expect(machine.sendTaskSuccess(token, {})).toBe('gone');
  });
});

describe('ended', () => {
  it('resolves with the end', async () => {
    const { machine, clock } = open(ONE_TASK, () => clock.sleep(3000));
    machine.start('a', {});
    const waiting = machine.ended('a', 60_000).then(() => clock.now());
    const start = clock.now();
    await clock.advance(10_000);
    expect(await waiting).toBe(start + 3000);
    expect(clock.pendingUntil()).toEqual([]);
  });

  it('resolves when its time has passed', async () => {
    const { machine, clock } = open(ONE_TASK, () => new Promise(() => undefined));
    machine.start('a', {});
    const waiting = machine.ended('a', 2000).then(() => clock.now());
    const start = clock.now();
    await clock.advance(10_000);
    expect(await waiting).toBe(start + 2000);
  });

  it('resolves at once for what is over or unknown', async () => {
    const { machine, clock } = open(ONE_TASK, async () => 1);
    machine.start('a', {});
    await clock.flush();
    await machine.ended('a', 1000);
    await machine.ended('b', 1000);
    expect(clock.pendingUntil()).toEqual([]);
  });
});

describe('close', () => {
  it('gives up what runs: no timer stays, nothing is called, who waits is answered', async () => {
    let calls = 0;
    const { machine, clock } = open(WAITING, async () => ++calls);
    machine.start('a', {});
    await clock.flush();
    const waiting = machine.ended('a', 60_000);
    machine.close();
    await waiting;
    await clock.advance(1_000_000);
    expect(calls).toBe(1);
    expect(clock.pendingUntil()).toEqual([]);
    expect(() => machine.start('b', {})).toThrow('the state machine is closed and cannot start b');
  });
});
