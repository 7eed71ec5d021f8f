import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { createTable } from '../../src/aws/table.ts';
import { createOnStatusHandler } from './on-status-handler.ts';

// Waking a token takes no ARN of a state machine.
const environment = readEnvironment(process.env, ['table', 'stateMachine']);

export const handler = createOnStatusHandler(
  createTable({ client: new DynamoDBClient({}), tableName: environment.table }),
  createExecutions({ client: new SFNClient({}), stateMachineArn: environment.stateMachine, clock: systemClock }),
);
