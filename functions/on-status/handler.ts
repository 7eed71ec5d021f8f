import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import { observed } from '../observed.ts';
import { createOnStatusHandler } from './on-status-handler.ts';

// Waking a token takes no ARN of a state machine.
const environment = readEnvironment(process.env, ['table', 'stateMachine', 'service']);

const tellStatus = createOnStatusHandler(
  createTable({ client: new DynamoDBClient({}), tableName: environment.table }),
  createExecutions({ client: new SFNClient({}), stateMachineArn: environment.stateMachine, clock: systemClock }),
);

// Whose run it is, is known when it was found.
export const handler = observed({ metrics: createMetrics(environment.service), about: () => ({}) }, tellStatus);
