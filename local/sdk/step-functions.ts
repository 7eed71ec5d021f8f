import { createServer, type IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { executionArn } from '../../src/aws/execution-arn.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import type { Execution, StateMachine, TokenAnswer } from '../step-functions/state-machine.ts';

export type StepFunctionsEndpoint = { readonly url: string; close(): Promise<void> };

/** What is behind the endpoint, and the ARN by which it is called. */
type Served = { readonly machine: StateMachine; readonly stateMachineArn: string };

/** The answer of an operation, or an error in AWS's form. Status 400 in both senses of "the caller's fault". */
type Answer = { readonly body: JsonObject } | { readonly error: string; readonly message: string };

type Operation = (served: Served, body: JsonObject) => Answer;

/** Operation by the last part of its `X-Amz-Target`. https://docs.aws.amazon.com/step-functions/latest/apireference/ */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['StartExecution', startExecution],
  ['DescribeExecution', describeExecution],
  ['StopExecution', stopExecution],
  ['SendTaskSuccess', sendTaskSuccess],
  ['SendTaskFailure', sendTaskFailure],
]);

/** Twice the most that Step Functions takes as an input, for what JSON escapes add to it. */
const LONGEST_BODY = 2 * 262_144;

/** Step Functions on a free loopback port: its JSON 1.0 protocol over our interpreter. Signatures are not looked at. */
export async function serveStepFunctions(served: Served): Promise<StepFunctionsEndpoint> {
  const server = createServer((request, response) => {
    void answer(served, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(body));
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the Step Functions endpoint has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(served: Served, request: IncomingMessage) {
  const name = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
  const operation = OPERATIONS.get(name);
  const body = await readBody(request);
  const result: Answer =
    operation === undefined
      ? { error: 'UnknownOperationException', message: `${name} is not supported by the local Step Functions` }
      : body === undefined
        ? { error: 'SerializationException', message: `the body must be a JSON object of up to ${LONGEST_BODY} bytes` }
        : operation(served, body);
  return 'error' in result
    ? { status: 400, body: { __type: result.error, message: result.message } }
    : { status: 200, body: result.body };
}

async function readBody(request: IncomingMessage): Promise<JsonObject | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= LONGEST_BODY) chunks.push(chunk);
  }
  if (bytes > LONGEST_BODY) return undefined;
  const body = parse(Buffer.concat(chunks).toString());
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : undefined;
}

function startExecution(served: Served, body: JsonObject): Answer {
  const [name, input] = [textOf(body, 'name'), parse(textOf(body, 'input'))];
  const arn = executionArn(served.stateMachineArn, name);
  if (body.stateMachineArn !== served.stateMachineArn) {
    return { error: 'StateMachineDoesNotExist', message: `State Machine Does Not Exist: '${body.stateMachineArn}'` };
  }
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) return { error: 'InvalidName', message: `Invalid Name: '${name}'` };
  if (input === undefined) return { error: 'InvalidExecutionInput', message: 'the input is not JSON' };
  const answer = served.machine.start(name, input);
  const execution = served.machine.look(name);
  // The same name and input while it runs is the same request to AWS, which answers as it did the first time.
  const same = answer === 'started' || (execution?.status === 'running' && isDeepStrictEqual(execution.input, input));
  if (execution === undefined || !same) {
    return { error: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${arn}'` };
  }
  return { body: { executionArn: arn, startDate: seconds(execution.startedAt) } };
}

function describeExecution(served: Served, body: JsonObject): Answer {
  const execution = served.machine.look(nameOf(served, body));
  if (execution === undefined) return noExecution(body);
  const described = {
    executionArn: executionArn(served.stateMachineArn, execution.name),
    stateMachineArn: served.stateMachineArn,
    name: execution.name,
    startDate: seconds(execution.startedAt),
    input: JSON.stringify(execution.input),
  };
  return { body: { ...described, ...describeEnd(execution) } };
}

function describeEnd(execution: Execution): JsonObject {
  switch (execution.status) {
    case 'running':
      return { status: 'RUNNING' };
    case 'succeeded':
      return { status: 'SUCCEEDED', stopDate: seconds(execution.endedAt), output: JSON.stringify(execution.output) };
    case 'failed':
    case 'timed-out':
    case 'stopped': {
      const { error, cause } = execution;
      const status = { failed: 'FAILED', 'timed-out': 'TIMED_OUT', stopped: 'ABORTED' }[execution.status];
      return { status, stopDate: seconds(execution.endedAt), error, cause };
    }
  }
}

function stopExecution(served: Served, body: JsonObject): Answer {
  const stopped = served.machine.stop(nameOf(served, body), textOf(body, 'error'), textOf(body, 'cause'));
  if (stopped === undefined || stopped.status === 'running') return noExecution(body);
  return { body: { stopDate: seconds(stopped.endedAt) } };
}

function sendTaskSuccess(served: Served, body: JsonObject): Answer {
  const output = parse(textOf(body, 'output'));
  if (output === undefined) return { error: 'InvalidOutput', message: 'the output is not JSON' };
  return tokenAnswer(served.machine.sendTaskSuccess(textOf(body, 'taskToken'), output));
}

function sendTaskFailure(served: Served, body: JsonObject): Answer {
  return tokenAnswer(
    served.machine.sendTaskFailure(textOf(body, 'taskToken'), textOf(body, 'error'), textOf(body, 'cause')),
  );
}

function tokenAnswer(answer: TokenAnswer): Answer {
  switch (answer) {
    case 'accepted':
      return { body: {} };
    case 'gone':
      return { error: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };
    case 'unknown':
      return { error: 'InvalidToken', message: "Invalid Token: 'Invalid token'" };
  }
}

function noExecution(body: JsonObject): Answer {
  return { error: 'ExecutionDoesNotExist', message: `Execution Does Not Exist: '${body.executionArn}'` };
}

/** Empty when the ARN is not one of this state machine. */
function nameOf(served: Served, body: JsonObject): string {
  const [arn, prefix] = [textOf(body, 'executionArn'), executionArn(served.stateMachineArn, '')];
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : '';
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Times travel as seconds since the epoch, with a fraction. */
function seconds(ms: number): number {
  return ms / 1000;
}
