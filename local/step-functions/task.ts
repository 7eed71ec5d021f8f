import type { Json } from '../../src/json.ts';
import { type Catcher, readCatchers } from './catch.ts';
import { ERROR, failureOf, type Result } from './errors.ts';
import type { Fields } from './fields.ts';
import { evaluate, readTemplate, type States, type Template, unexpected } from './jsonata.ts';
import { type Retrier, readRetriers } from './retry.ts';

/** https://states-language.net/spec.html#task-state */
export type TaskState = {
  readonly type: 'Task';
  readonly functionName: string;
  readonly payload: Template;
  /** The resource is `…:invoke.waitForTaskToken`: the task is over when its token comes back. */
  readonly waitsForToken: boolean;
  readonly timeoutSeconds: Template | undefined;
  readonly output: Template | undefined;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  /** Absent: this is the last state. */
  readonly next: string | undefined;
};

const INVOKE = 'arn:aws:states:::lambda:invoke';
const INVOKE_AND_WAIT = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/** The most that Step Functions takes, and its value where a task has none: a little over three years. */
export const LONGEST_SECONDS = 99_999_999;

/** 256 KiB of UTF-8: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const DATA_LIMIT = 262_144;

export function readTask(fields: Fields, functionNames: ReadonlySet<string>): TaskState {
  const resource = fields.text('Resource');
  if (resource !== INVOKE && resource !== INVOKE_AND_WAIT) fields.problem('Resource', `"${resource}" is not supported`);
  const args = fields.object('Arguments');
  const functionName = args.text('FunctionName');
  if (!functionNames.has(functionName)) args.problem('FunctionName', `names "${functionName}", which nobody provides`);
  const payload = args.json('Payload');
  if (payload === undefined) args.problem('Payload', 'is missing');
  args.end();
  const output = fields.json('Output');
  return {
    type: 'Task',
    functionName,
    payload: readTemplate(args, 'Payload', payload ?? null),
    waitsForToken: resource === INVOKE_AND_WAIT,
    timeoutSeconds: readTimeout(fields),
    output: output === undefined ? undefined : readTemplate(fields, 'Output', output),
    retry: readRetriers(fields),
    catch: readCatchers(fields),
    next: readNext(fields),
  };
}

function readTimeout(fields: Fields): Template | undefined {
  const value = fields.json('TimeoutSeconds');
  if (value === undefined) return undefined;
  const template = readTemplate(fields, 'TimeoutSeconds', value);
  if (template.kind !== 'expression' && !isTimeout(value)) {
    fields.problem('TimeoutSeconds', `must be an integer from 1 to ${LONGEST_SECONDS}, or an expression`);
  }
  return template;
}

function readNext(fields: Fields): string | undefined {
  const end = fields.json('End');
  if (end === undefined) return fields.text('Next');
  if (end !== true || fields.json('Next') !== undefined) fields.problem('End', 'must be true, and without a Next');
  return undefined;
}

export function isTimeout(value: Json): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_SECONDS;
}

/** What an attempt needs from the execution it belongs to. */
export type TaskHost = {
  invoke(functionName: string, payload: Json): Promise<unknown>;
  /** The first result wins: that of `begin`, of the task token, of a stop, or the time-out after `ms`. */
  race(ms: number, begin: (settle: (result: Result) => void) => void): Promise<Result>;
};

/** One attempt, from the arguments to the output. */
export async function attemptTask(task: TaskState, states: States, host: TaskHost): Promise<Result> {
  const timeout = await evaluateTimeout(task, states);
  if ('failure' in timeout) return timeout;
  const payload = await evaluate(task.payload, states);
  if ('failure' in payload) return payload;
  const result = await host.race(timeout.value * 1000, settle => {
    void invoke(task.functionName, payload.value, host).then(answer => {
      if (!task.waitsForToken || 'failure' in answer) settle(answer);
    });
  });
  if ('failure' in result || task.output === undefined) return result;
  return evaluate(task.output, { ...states, result: result.value });
}

async function evaluateTimeout({ timeoutSeconds }: TaskState, states: States): Promise<Result<number>> {
  if (timeoutSeconds === undefined) return { value: LONGEST_SECONDS };
  const result = await evaluate(timeoutSeconds, states);
  if ('failure' in result) return result;
  if (isTimeout(result.value)) return { value: result.value };
  return unexpected(timeoutSeconds, `an integer from 1 to ${LONGEST_SECONDS}`, result.value);
}

/** Whatever goes wrong is a failure of the task, a function that answers what is not JSON included. */
async function invoke(functionName: string, payload: Json, host: TaskHost): Promise<Result> {
  try {
    const text = JSON.stringify((await host.invoke(functionName, payload)) ?? null);
    if (Buffer.byteLength(text) > DATA_LIMIT) {
      const cause = `The function '${functionName}' returned a result of more than ${DATA_LIMIT} bytes.`;
      return { failure: { error: ERROR.dataLimitExceeded, cause } };
    }
    return { value: { ExecutedVersion: '$LATEST', Payload: JSON.parse(text), StatusCode: 200 } };
  } catch (thrown) {
    return { failure: failureOf(thrown) };
  }
}
