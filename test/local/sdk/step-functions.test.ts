import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StepFunctionsEndpoint, serveStepFunctions } from '../../../local/sdk/step-functions.ts';
import { createStateMachine, type StateMachine } from '../../../local/step-functions/state-machine.ts';
import { machine as define, task, waitingTask } from '../../fixtures/state-machines/machine-case.ts';
import { createCountingIds } from '../../kit/counting-ids.ts';
import { createFakeClock, type FakeClock } from '../../kit/fake-clock.ts';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline-run';
const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:pipeline-run';
const STARTED = Date.UTC(2030, 0, 1) / 1000;

let clock: FakeClock;
let machine: StateMachine;
let endpoint: StepFunctionsEndpoint;
let token = '';

beforeEach(async () => {
  clock = createFakeClock();
  const definition = define({ A: waitingTask({ Next: 'B' }), B: task({ Output: '{% $states.result.Payload %}' }) });
  machine = createStateMachine(JSON.stringify(definition), {
    functions: {
      f: async payload => {
        if (typeof payload === 'object' && payload !== null && 'token' in payload) token = String(payload.token);
        return 'the output';
      },
    },
    clock,
    ids: createCountingIds(),
  });
  endpoint = await serveStepFunctions({ machine, stateMachineArn: ARN });
});

afterEach(async () => {
  machine.close();
  await endpoint.close();
});

async function call(operation: string, body: unknown) {
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await clock.flush();
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

const start = (name: string, input = '{"n":1}') => call('StartExecution', { stateMachineArn: ARN, name, input });

describe('the Step Functions endpoint', () => {
  it('starts, describes and ends an execution', async () => {
    expect(await start('a')).toEqual({
      status: 200,
      type: 'application/x-amz-json-1.0',
      body: { executionArn: `${EXECUTION}:a`, startDate: STARTED },
    });
    const described = {
      executionArn: `${EXECUTION}:a`,
      stateMachineArn: ARN,
      name: 'a',
      startDate: STARTED,
      input: '{"n":1}',
    };
    const look = () => call('DescribeExecution', { executionArn: `${EXECUTION}:a` });
    expect((await look()).body).toEqual({ ...described, status: 'RUNNING' });
    await clock.advance(1500);
    expect(await call('SendTaskSuccess', { taskToken: token, output: '{}' })).toMatchObject({ status: 200, body: {} });
    const over = { status: 'SUCCEEDED', stopDate: STARTED + 1.5, output: '"the output"' };
    expect((await look()).body).toEqual({ ...described, ...over });
  });

  it('fails a task', async () => {
    await start('a');
    await call('SendTaskFailure', { taskToken: token, error: 'Denied', cause: 'no' });
    expect((await call('DescribeExecution', { executionArn: `${EXECUTION}:a` })).body).toMatchObject({
      status: 'FAILED',
      error: 'Denied',
      cause: 'no',
    });
  });

  it('stops an execution', async () => {
    await start('a');
    const stop = { executionArn: `${EXECUTION}:a`, error: 'Stopped', cause: 'by hand' };
    expect(await call('StopExecution', stop)).toMatchObject({ status: 200, body: { stopDate: STARTED } });
    expect((await call('DescribeExecution', { executionArn: `${EXECUTION}:a` })).body).toMatchObject({
      status: 'ABORTED',
      error: 'Stopped',
      cause: 'by hand',
    });
  });

  it('answers a start that is repeated while it runs as the first time', async () => {
    const first = await start('a', '{"n":1,"m":2}');
    await clock.advance(1000);
    expect(await start('a', '{"m":2,"n":1}')).toEqual(first);
    expect(await start('a', '{"n":2}')).toMatchObject({ status: 400, body: { __type: 'ExecutionAlreadyExists' } });
  });

  const started = { stateMachineArn: ARN, name: 'a', input: '{}' };
  const rows: readonly { operation: string; about: string; body: unknown; error: string; message: string }[] = [
    {
      operation: 'StartExecution',
      about: 'another state machine',
      body: { ...started, stateMachineArn: `${ARN}-x` },
      error: 'StateMachineDoesNotExist',
      message: `'${ARN}-x'`,
    },
    {
      operation: 'StartExecution',
      about: 'a name with a space',
      body: { ...started, name: 'a b' },
      error: 'InvalidName',
      message: "'a b'",
    },
    {
      operation: 'StartExecution',
      about: 'a name that is too long',
      body: { ...started, name: 'x'.repeat(81) },
      error: 'InvalidName',
      message: 'xxx',
    },
    {
      operation: 'StartExecution',
      about: 'no name',
      body: { ...started, name: undefined },
      error: 'InvalidName',
      message: "''",
    },
    {
      operation: 'StartExecution',
      about: 'an input that is not JSON',
      body: { ...started, input: '{' },
      error: 'InvalidExecutionInput',
      message: 'not JSON',
    },
    {
      operation: 'DescribeExecution',
      about: 'an unknown name',
      body: { executionArn: `${EXECUTION}:a` },
      error: 'ExecutionDoesNotExist',
      message: `'${EXECUTION}:a'`,
    },
    {
      operation: 'DescribeExecution',
      about: 'another ARN',
      body: { executionArn: 'a' },
      error: 'ExecutionDoesNotExist',
      message: "'a'",
    },
    { operation: 'DescribeExecution', about: 'no ARN', body: {}, error: 'ExecutionDoesNotExist', message: 'undefined' },
    {
      operation: 'StopExecution',
      about: 'an unknown name',
      body: { executionArn: `${EXECUTION}:a` },
      error: 'ExecutionDoesNotExist',
      message: `'${EXECUTION}:a'`,
    },
    {
      operation: 'SendTaskSuccess',
      about: 'nonsense for a token',
      body: { taskToken: 'x', output: '{}' },
      error: 'InvalidToken',
      message: 'Invalid Token',
    },
    {
      operation: 'SendTaskSuccess',
      about: 'a token of old',
      body: { taskToken: 'task-of-old', output: '{}' },
      error: 'TaskTimedOut',
      message: 'Task Timed Out',
    },
    {
      operation: 'SendTaskSuccess',
      about: 'an output that is not JSON',
      body: { taskToken: 'task-of-old', output: '{' },
      error: 'InvalidOutput',
      message: 'not JSON',
    },
    {
      operation: 'SendTaskFailure',
      about: 'a token of old',
      body: { taskToken: 'task-of-old' },
      error: 'TaskTimedOut',
      message: 'Task Timed Out',
    },
    {
      operation: 'SendTaskHeartbeat',
      about: 'anything',
      body: { taskToken: 't' },
      error: 'UnknownOperationException',
      message: 'SendTaskHeartbeat is not supported',
    },
    {
      operation: 'ListExecutions',
      about: 'anything',
      body: {},
      error: 'UnknownOperationException',
      message: 'ListExecutions is not supported',
    },
    {
      operation: 'constructor',
      about: 'anything',
      body: {},
      error: 'UnknownOperationException',
      message: 'constructor is not supported',
    },
    {
      operation: 'StartExecution',
      about: 'a body that is not JSON',
      body: '{',
      error: 'SerializationException',
      message: 'must be a JSON object',
    },
    {
      operation: 'StartExecution',
      about: 'a body that is not an object',
      body: '[]',
      error: 'SerializationException',
      message: 'must be a JSON object',
    },
    {
      operation: 'StartExecution',
      about: 'a body that is too long',
      body: { name: 'x'.repeat(600_000) },
      error: 'SerializationException',
      message: 'must be a JSON object',
    },
  ];

  it.each(rows)('$operation of $about: $error', async ({ operation, body, error, message }) => {
    const answer = await call(operation, body);
    expect(answer).toMatchObject({ status: 400, body: { __type: error, message: expect.stringContaining(message) } });
  });
});
