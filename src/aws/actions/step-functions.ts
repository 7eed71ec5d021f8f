import { attempt } from './attempt.ts';
import { type ActionConnection, type Caller, type Reply, refused } from './connection.ts';
import { stepToken } from './step-token.ts';
import { executionArnOf, readArn } from './targets.ts';

export type ExecutionSeen = {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
};

/** Characters that StopExecution takes of a cause. */
const LONGEST_CAUSE = 32_768;

export function createStepFunctionsCalls({ refusalOf, config }: ActionConnection) {
  const open = async (caller: Caller, arn: string) => {
    const sdk = await import('@aws-sdk/client-sfn');
    const client = new sdk.SFNClient(config(caller, arn));
    return { sdk, client, abort: { abortSignal: caller.signal } };
  };
  return {
    async startExecution(
      caller: Caller,
      { stateMachine, input }: { readonly stateMachine: string; readonly input: string },
    ): Promise<Reply<{ readonly arn: string }>> {
      if (readArn(stateMachine)?.resource.startsWith('stateMachine:') !== true) {
        return refused('INVALID_REQUEST', `'${stateMachine}' is not the ARN of a state machine.`);
      }
      const refusal = refusalOf(stateMachine);
      if (refusal !== undefined) return refusal;
      const { sdk, client, abort } = await open(caller, stateMachine);
      const name = stepToken(caller.stepId);
      return attempt('Step Functions', async () => {
        try {
          const command = new sdk.StartExecutionCommand({ stateMachineArn: stateMachine, name, input });
          const { executionArn } = await client.send(command, abort);
          return { ok: true, value: { arn: executionArn ?? executionArnOf(stateMachine, name) } };
        } catch (error) {
          // The step started it before, and it is over by now.
          if (!(error instanceof sdk.ExecutionAlreadyExists)) throw error;
          return { ok: true, value: { arn: executionArnOf(stateMachine, name) } };
        }
      });
    },
    async describeExecution(caller: Caller, arn: string): Promise<Reply<ExecutionSeen>> {
      const { sdk, client, abort } = await open(caller, arn);
      return attempt('Step Functions', async () => {
        const command = new sdk.DescribeExecutionCommand({ executionArn: arn });
        const { status = 'RUNNING', output, error, cause } = await client.send(command, abort);
        const told = {
          ...(output === undefined ? {} : { output }),
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        };
        return { ok: true, value: { status, ...told } };
      });
    },
    async stopExecution(
      caller: Caller,
      call: { readonly stateMachine: string; readonly arn?: string; readonly cause: string },
    ): Promise<Reply<undefined>> {
      const executionArn = call.arn ?? executionArnOf(call.stateMachine, stepToken(caller.stepId));
      const { sdk, client, abort } = await open(caller, executionArn);
      return attempt('Step Functions', async () => {
        const cause = call.cause.slice(0, LONGEST_CAUSE);
        await client.send(new sdk.StopExecutionCommand({ executionArn, error: 'Cancelled', cause }), abort);
        return { ok: true, value: undefined };
      });
    },
  };
}
