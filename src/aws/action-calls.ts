import type { Clock } from '../ports/clock.ts';
import { type ActionRoleOptions, createActionRole } from './actions/action-role.ts';
import { createCodeBuildCalls } from './actions/codebuild.ts';
import { type ActionConnection, refused } from './actions/connection.ts';
import { createEcsCalls } from './actions/ecs.ts';
import { createLambdaCalls } from './actions/lambda.ts';
import { createMessageCalls } from './actions/messages.ts';
import { createStepFunctionsCalls } from './actions/step-functions.ts';
import { isAllowed, readArn } from './actions/targets.ts';

export type ActionCallsOptions = Pick<ActionRoleOptions, 'roleArn' | 'region' | 'endpoint' | 'credentials'> & {
  /** ARNs and patterns of what may be reached; nothing else is asked of AWS. */
  readonly allowed: readonly string[];
  /** Milliseconds after which a step looks for itself at what it waits for. */
  readonly lookAgain: number;
  /** How often the SDK tries a call by itself, with pauses. Default 3. */
  readonly attempts?: number;
  readonly clock: Pick<Clock, 'now'>;
};

/** Milliseconds: an answer of these services comes within a second or not at all. */
const TIMES = { connectionTimeout: 3_000, requestTimeout: 15_000 };

/** AWS as steps reach it. Each client is loaded with the first call of its service. */
export function createActionCalls(options: ActionCallsOptions) {
  const { roleArn, region, endpoint, allowed, lookAgain, attempts = 3 } = options;
  const role = readArn(roleArn);
  if (role === undefined) throw new Error(`the role of the actions is '${roleArn}', which is no ARN`);
  const credentialsOf = createActionRole(options);
  const connection: ActionConnection = {
    home: { partition: role.partition, region, account: role.account },
    refusalOf: arn =>
      isAllowed(allowed, arn)
        ? undefined
        : refused(
            'TARGET_NOT_ALLOWED',
            `Steps may not reach ${arn} in this deployment; whoever runs it can add it to \`allowedActions\` (PIPECALL_ALLOWED_ACTIONS on one machine).`,
          ),
    config: ({ stepId }, arn) => ({
      region: readArn(arn)?.region || region,
      credentials: () => credentialsOf(stepId),
      maxAttempts: attempts,
      requestHandler: TIMES,
      ...(endpoint === undefined ? {} : { endpoint }),
    }),
  };
  const lambda = createLambdaCalls(connection);
  const stepFunctions = createStepFunctionsCalls(connection);
  const ecs = createEcsCalls(connection);
  const codeBuild = createCodeBuildCalls(connection);
  const messages = createMessageCalls(connection);
  return {
    lookAgain,
    invokeLambda: lambda.invokeLambda,
    startExecution: stepFunctions.startExecution,
    describeExecution: stepFunctions.describeExecution,
    stopExecution: stepFunctions.stopExecution,
    runTask: ecs.runTask,
    describeTask: ecs.describeTask,
    stopTask: ecs.stopTask,
    startBuild: codeBuild.startBuild,
    describeBuild: codeBuild.describeBuild,
    stopBuild: codeBuild.stopBuild,
    putEvent: messages.putEvent,
    sendMessage: messages.sendMessage,
    publish: messages.publish,
  };
}
