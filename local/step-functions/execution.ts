import type { Json } from '../../src/json.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { caughtOutput, findCatcher } from './catch.ts';
import { choose } from './choice.ts';
import { type ContextSource, contextObject } from './context-object.ts';
import type { Definition } from './definition.ts';
import { ERROR, type Failure, type Result } from './errors.ts';
import type { HistoryEvent } from './history.ts';
import type { States } from './jsonata.ts';
import { nextRetry, type RetryCounts } from './retry.ts';
import { attemptTask, type TaskHost, type TaskState } from './task.ts';

/** What executions share. */
export type Surroundings = {
  readonly definition: Definition;
  readonly stateMachineArn: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** The tasks that wait for their token, and how each is ended. */
  readonly tokens: Map<string, (result: Result) => void>;
  newToken(): string;
  invoke(execution: string, functionName: string, payload: Json): Promise<unknown>;
  onTransition(execution: string, state: string): void;
};

export type Start = {
  readonly name: string;
  readonly input: Json;
  readonly startedAt: number;
  /** Aborted when the execution is stopped: whatever waits ends at once, and what comes out no longer counts. */
  readonly stopped: AbortSignal;
  readonly record: (event: HistoryEvent) => void;
};

/** Where an execution goes from a state. Without `next` it is over. */
type Step = { readonly output: Json; readonly next: string | undefined };

const STOPPED: { readonly failure: Failure } = {
  failure: { error: ERROR.runtime, cause: 'The execution was stopped.' },
};

/** Runs from the first state to the last: answers the output of that one, or the failure that nobody caught. */
export async function runExecution(start: Start, around: Surroundings): Promise<Result> {
  let state = around.definition.startAt;
  let input = start.input;
  for (;;) {
    around.onTransition(start.name, state);
    start.record({ type: 'StateEntered', at: around.clock.now(), state, input });
    const step = await runState(state, input, start, around);
    if (start.stopped.aborted) return STOPPED;
    if ('failure' in step) return step;
    const { output, next } = step.value;
    start.record({ type: 'StateExited', at: around.clock.now(), state, output });
    if (next === undefined) return { value: output };
    [state, input] = [next, output];
  }
}

async function runState(name: string, input: Json, start: Start, around: Surroundings): Promise<Result<Step>> {
  const state = around.definition.states.get(name);
  if (state === undefined) throw new Error(`state "${name}" is gone, although the definition was checked`);
  const source: ContextSource = {
    stateMachineArn: around.stateMachineArn,
    execution: start.name,
    input: start.input,
    startedAt: start.startedAt,
    state: name,
    enteredAt: around.clock.now(),
    retryCount: 0,
  };
  switch (state.type) {
    case 'Task':
      return runTask(state, input, source, start, around);
    case 'Choice': {
      const chosen = await choose(state, name, { input, context: contextObject(source) });
      return 'failure' in chosen ? chosen : { value: { output: input, next: chosen.value } };
    }
    case 'Succeed':
      return { value: { output: input, next: undefined } };
  }
}

/** Attempts, with the waits between them, then the catchers. */
async function runTask(
  task: TaskState,
  input: Json,
  source: ContextSource,
  start: Start,
  around: Surroundings,
): Promise<Result<Step>> {
  const counts: RetryCounts = [];
  for (let retryCount = 0; ; retryCount++) {
    if (retryCount > 0) around.onTransition(start.name, source.state);
    const token = task.waitsForToken ? around.newToken() : undefined;
    const states: States = { input, context: contextObject({ ...source, retryCount, token }) };
    const result = await attemptTask(task, states, taskHost(source.state, token, start, around));
    if (start.stopped.aborted) return STOPPED;
    if ('value' in result) return { value: { output: result.value, next: task.next } };
    const { failure } = result;
    const type = failure.error === ERROR.timeout ? 'TaskTimedOut' : 'TaskFailed';
    start.record({ type, at: around.clock.now(), state: source.state, ...failure });
    const delay = nextRetry(task.retry, counts, failure, around.random);
    if (delay === undefined) return fallBack(task, failure, states);
    await around.clock.sleep(delay, start.stopped);
    if (start.stopped.aborted) return STOPPED;
  }
}

async function fallBack(task: TaskState, failure: Failure, states: States): Promise<Result<Step>> {
  const catcher = findCatcher(task.catch, failure);
  if (catcher === undefined) return { failure };
  const output = await caughtOutput(catcher, failure, states);
  return 'failure' in output ? output : { value: { output: output.value, next: catcher.next } };
}

function taskHost(state: string, token: string | undefined, start: Start, around: Surroundings): TaskHost {
  return {
    invoke(functionName, payload) {
      start.record({ type: 'TaskScheduled', at: around.clock.now(), state, functionName, payload });
      return around.invoke(start.name, functionName, payload);
    },
    race(ms, begin) {
      return new Promise(resolve => {
        const timer = new AbortController();
        const settle = (result: Result) => {
          timer.abort('over');
          start.stopped.removeEventListener('abort', stop);
          if (token !== undefined) around.tokens.delete(token);
          resolve(result);
        };
        const stop = () => settle(STOPPED);
        start.stopped.addEventListener('abort', stop);
        if (token !== undefined) around.tokens.set(token, settle);
        void around.clock.sleep(ms, timer.signal).then(() => {
          settle({ failure: { error: ERROR.timeout, cause: '' } });
        });
        begin(settle);
      });
    },
  };
}
