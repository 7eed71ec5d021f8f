import { type Action, type ActionContext, type Answer, failed, type Json, readJson } from '../action.ts';
import type { AwsCalls, ExecutionView } from './calls.ts';
import { AWS_ERRORS, NO_AWS } from './failures.ts';
import { arnOf, follow } from './follow.ts';
import { wait } from './schemas.ts';

export const startExecution: Action = {
  name: 'actions/aws/start-execution',
  version: 1,
  summary: 'Starts an execution of a Step Functions state machine and waits until it is over.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['state_machine_arn'],
    properties: {
      state_machine_arn: {
        description:
          'The ARN of the state machine, or of a version or alias of it. To be waited for, it must be of the type Standard.',
        type: 'string',
        minLength: 1,
        maxLength: 256,
      },
      input: { description: 'The input of the execution, as JSON.', default: {} },
      wait,
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['execution_arn', 'status', 'output'],
    properties: {
      execution_arn: { description: 'The ARN of the execution.', type: 'string' },
      status: {
        description: 'In the words of Step Functions: `SUCCEEDED`, `FAILED`, or `RUNNING` without `wait`.',
        type: 'string',
      },
      output: { description: 'What the execution answered; null without `wait`.' },
    },
  },
  errors: {
    ...AWS_ERRORS,
    EXECUTION_FAILED: 'The execution failed; the message holds its error and cause.',
    EXECUTION_TIMED_OUT: 'The execution took longer than the state machine lets it.',
    EXECUTION_ABORTED: 'The execution was stopped by someone else.',
  },
  pure: false,

  async run(context) {
    const { aws } = context.clients;
    return aws === undefined ? NO_AWS : follow(context, jobOf(context, aws));
  },

  async abandon(context, reason) {
    const { aws } = context.clients;
    const { state_machine_arn, wait = true } = inputsOf(context);
    if (aws === undefined || !wait) return;
    const arn = arnOf(context);
    const { stepId, signal } = context;
    const call = { stateMachine: state_machine_arn, cause: reason, ...(arn === undefined ? {} : { arn }) };
    const stopped = await aws.stopExecution({ stepId, signal }, call);
    if (!stopped.ok && stopped.code !== 'NOT_FOUND') {
      context.log('warning', `The execution could not be stopped: ${stopped.message}`);
    }
  },
};

function jobOf(context: ActionContext, aws: AwsCalls) {
  const { state_machine_arn, input = {}, wait = true } = inputsOf(context);
  const { stepId, signal } = context;
  return {
    label: 'aws/start-execution',
    wait,
    // Not cut off with the step: what was started has to be known in order to be stopped.
    start: () =>
      aws.startExecution(
        { stepId, signal: new AbortController().signal },
        { stateMachine: state_machine_arn, input: JSON.stringify(input) },
      ),
    begun: (arn: string) => ({ execution_arn: arn, status: 'RUNNING', output: null }),
    async look(arn: string) {
      const reply = await aws.describeExecution({ stepId, signal }, arn);
      return reply.ok ? { ok: true as const, value: answerOf(arn, reply.value) } : reply;
    },
  };
}

function answerOf(arn: string, { status, output, error, cause }: ExecutionView): Answer | undefined {
  const outputs = { execution_arn: arn, status, output: parsed(output) };
  const why = [error, cause].filter(text => text !== undefined && text !== '').join(': ');
  switch (status) {
    case 'SUCCEEDED':
      return { status: 'succeeded', outputs };
    case 'FAILED':
      return failed('EXECUTION_FAILED', `The execution failed: ${why === '' ? arn : why}`, outputs);
    case 'TIMED_OUT':
      return failed('EXECUTION_TIMED_OUT', `The execution ${arn} timed out.`, outputs);
    case 'ABORTED':
      return failed('EXECUTION_ABORTED', `The execution ${arn} was stopped. ${why}`.trim(), outputs);
    default:
      return undefined;
  }
}

const parsed = (text: string | undefined): Json => (text === undefined ? null : (readJson(text)?.value ?? text));

/** What the schema lets through. */
const inputsOf = ({ inputs }: ActionContext) =>
  inputs as { readonly state_machine_arn: string; readonly input?: Json; readonly wait?: boolean };
