import type { Json } from '../../src/json.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Ids } from '../../src/ports/ids.ts';
import { readDefinition } from './definition.ts';
import { ERROR, failureOf, type Result } from './errors.ts';
import { runExecution, type Surroundings } from './execution.ts';
import type { HistoryEvent } from './history.ts';

/** What stands for a Lambda function: its event (a copy, as if sent) and what Lambda tells about the invocation. */
export type LambdaFunction = (payload: Json, invocation: Invocation) => Promise<unknown>;

export type Invocation = { readonly requestId: string; readonly functionName: string };

export type StateMachineOptions = {
  /** By the value of `FunctionName`: a name or an ARN. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly arn?: string;
  /** A number from 0 (inclusive) to 1, for `JitterStrategy`. Absent: made of `ids.random`. */
  readonly random?: () => number;
  /** Called once per state entered and once per retry, as AWS bills them. */
  readonly onTransition?: (execution: string, state: string) => void;
  /** Called once per call of a function. */
  readonly onInvocation?: (execution: string, functionName: string) => void;
  /** So many executions that are over can still be looked at; the oldest are forgotten. Default 10,000. */
  readonly keep?: number;
  /** Keep every execution's history as long as the execution. Default: no. */
  readonly history?: boolean;
};

export type Execution = {
  readonly name: string;
  readonly input: Json;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
} & (
  | { readonly status: 'running' }
  | { readonly status: 'succeeded'; readonly endedAt: number; readonly output: Json }
  | {
      readonly status: 'failed' | 'timed-out' | 'stopped';
      readonly endedAt: number;
      readonly error: string;
      readonly cause: string;
    }
);

/** `unknown`: never a token of ours. `gone`: its task is over. */
export type TokenAnswer = 'accepted' | 'gone' | 'unknown';

export interface StateMachine {
  readonly arn: string;
  /** Answers before anything of the execution runs. A name that was used, and is not forgotten, starts nothing. */
  start(name: string, input: Json): 'started' | 'exists';
  look(name: string): Execution | undefined;
  /** Answers the execution as it is then; nothing happens to one that is over or is not known. */
  stop(name: string, error: string, cause: string): Execution | undefined;
  sendTaskSuccess(token: string, output: Json): TokenAnswer;
  sendTaskFailure(token: string, error: string, cause: string): TokenAnswer;
  /** Resolves when the execution is over, or is not known, or `ms` milliseconds have passed. */
  ended(name: string, ms: number): Promise<void>;
  /** Empty unless asked for by the option `history`. */
  history(name: string): readonly HistoryEvent[];
  /** Gives up all that runs, as the end of the process would: no timer stays, no function is called any more. */
  close(): void;
}

type Running = {
  readonly execution: Execution;
  readonly stopping: AbortController;
  readonly record: (event: HistoryEvent) => void;
  /** Those who wait for the end. */
  readonly waiting: Set<() => void>;
};

type Ending =
  | { readonly status: 'succeeded'; readonly output: Json }
  | { readonly status: 'failed' | 'timed-out' | 'stopped'; readonly error: string; readonly cause: string };

const LOCAL_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:pipeline-run';

const TOKEN_PREFIX = 'task-';

/** @throws {Error} naming every state and field that is not supported or not right. */
export function createStateMachine(definitionText: string, options: StateMachineOptions): StateMachine {
  const { functions, clock, ids, arn = LOCAL_ARN, keep = 10_000 } = options;
  const running = new Map<string, Running>();
  /** In the order of their ends. */
  const over = new Map<string, Execution>();
  const histories = new Map<string, HistoryEvent[]>();
  let closed = false;

  const around: Surroundings = {
    definition: readDefinition(definitionText, new Set(Object.keys(functions))),
    stateMachineArn: arn,
    clock,
    random: options.random ?? (() => Buffer.from(ids.random(4)).readUInt32BE() / 2 ** 32),
    tokens: new Map(),
    newToken: () => TOKEN_PREFIX + ids.uuid(),
    onTransition: (execution, state) => options.onTransition?.(execution, state),
    async invoke(execution, functionName, payload) {
      options.onInvocation?.(execution, functionName);
      const event: Json = JSON.parse(JSON.stringify(payload));
      return functions[functionName]?.(event, { requestId: ids.uuid(), functionName });
    },
  };

  function end(name: string, ending: Ending): void {
    const ended = running.get(name);
    if (ended === undefined) return;
    running.delete(name);
    // Whatever still waits for its sake, its time limit too, goes with it.
    ended.stopping.abort('over');
    const endedAt = clock.now();
    over.set(name, { ...ended.execution, ...ending, endedAt });
    ended.record(lastEvent(ending, endedAt));
    for (const oldest of over.keys()) {
      if (over.size <= keep) break;
      over.delete(oldest);
      histories.delete(oldest);
    }
    for (const wake of ended.waiting) wake();
  }

  async function run(started: Running): Promise<void> {
    const { execution, stopping, record } = started;
    if (stopping.signal.aborted) return;
    const result = await runExecution({ ...execution, stopped: stopping.signal, record }, around).catch(
      (bug: unknown): Result => ({ failure: { error: ERROR.runtime, cause: failureOf(bug).cause } }),
    );
    if (stopping.signal.aborted) return;
    end(
      execution.name,
      'value' in result ? { status: 'succeeded', output: result.value } : { status: 'failed', ...result.failure },
    );
  }

  async function limitTime({ execution: { name }, stopping: { signal } }: Running): Promise<void> {
    const { timeoutSeconds } = around.definition;
    if (timeoutSeconds === undefined) return;
    await clock.sleep(timeoutSeconds * 1_000, signal);
    if (!signal.aborted) end(name, { status: 'timed-out', error: ERROR.timeout, cause: '' });
  }

  function recorder(name: string): (event: HistoryEvent) => void {
    if (options.history !== true) return () => undefined;
    const events: HistoryEvent[] = [];
    histories.set(name, events);
    return event => events.push(event);
  }

  function settleToken(token: string, result: Result): TokenAnswer {
    const settle = around.tokens.get(token);
    if (settle === undefined) return token.startsWith(TOKEN_PREFIX) ? 'gone' : 'unknown';
    settle(result);
    return 'accepted';
  }

  const look = (name: string) => running.get(name)?.execution ?? over.get(name);

  return {
    arn,
    start(name, input) {
      if (closed) throw new Error(`the state machine is closed and cannot start ${name}`);
      if (look(name) !== undefined) return 'exists';
      const startedAt = clock.now();
      const execution: Execution = { name, input: JSON.parse(JSON.stringify(input)), startedAt, status: 'running' };
      const record = recorder(name);
      const started: Running = { execution, stopping: new AbortController(), record, waiting: new Set() };
      running.set(name, started);
      record({ type: 'ExecutionStarted', at: startedAt, input: execution.input });
      // Whoever starts an execution answers its own caller first.
      setImmediate(() => void run(started));
      void limitTime(started);
      return 'started';
    },
    look,
    stop(name, error, cause) {
      end(name, { status: 'stopped', error, cause });
      return over.get(name);
    },
    sendTaskSuccess: (token, output) => settleToken(token, { value: output }),
    sendTaskFailure: (token, error, cause) => settleToken(token, { failure: { error, cause } }),
    async ended(name, ms) {
      const waiting = running.get(name)?.waiting;
      if (waiting === undefined) return;
      const timer = new AbortController();
      await new Promise<void>(resolve => {
        waiting.add(resolve);
        void clock.sleep(ms, timer.signal).then(() => {
          waiting.delete(resolve);
          resolve();
        });
      });
      timer.abort('over');
    },
    history: name => histories.get(name) ?? [],
    close() {
      closed = true;
      const given = [...running.values()];
      running.clear();
      for (const { stopping, waiting } of given) {
        stopping.abort('closed');
        for (const wake of waiting) wake();
      }
    },
  };
}

function lastEvent(ending: Ending, at: number): HistoryEvent {
  switch (ending.status) {
    case 'succeeded':
      return { type: 'ExecutionSucceeded', at, output: ending.output };
    case 'failed':
      return { type: 'ExecutionFailed', at, error: ending.error, cause: ending.cause };
    case 'timed-out':
      return { type: 'ExecutionTimedOut', at, error: ending.error, cause: ending.cause };
    case 'stopped':
      return { type: 'ExecutionAborted', at, error: ending.error, cause: ending.cause };
  }
}
