import { executionArn } from '../../src/aws/execution-arn.ts';
import type { Json, JsonObject } from '../../src/json.ts';

export type ContextSource = {
  readonly stateMachineArn: string;
  readonly execution: string;
  readonly input: Json;
  readonly startedAt: number;
  readonly state: string;
  readonly enteredAt: number;
  readonly retryCount: number;
  readonly token?: string | undefined;
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export function contextObject(source: ContextSource): JsonObject {
  return {
    Execution: {
      Id: executionArn(source.stateMachineArn, source.execution),
      Input: source.input,
      Name: source.execution,
      RoleArn: 'arn:aws:iam::000000000000:role/pipeline-run',
      StartTime: new Date(source.startedAt).toISOString(),
      RedriveCount: 0,
    },
    State: {
      Name: source.state,
      EnteredTime: new Date(source.enteredAt).toISOString(),
      RetryCount: source.retryCount,
    },
    StateMachine: { Id: source.stateMachineArn, Name: source.stateMachineArn.split(':').at(-1) ?? '' },
    ...(source.token === undefined ? {} : { Task: { Token: source.token } }),
  };
}
