import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Parking } from '../../src/run/park-run.ts';
import { observed } from '../observed.ts';
import { createParkRunHandler } from './park-run-handler.ts';

// Waking a token takes no ARN of a state machine.
const environment = readEnvironment(process.env, ['table', 'stateMachine', 'service']);

const park = createParkRunHandler(
  createTable({ client: new DynamoDBClient({}), tableName: environment.table }),
  createExecutions({ client: new SFNClient({}), stateMachineArn: environment.stateMachine, clock: systemClock }),
);

export const handler = observed(
  {
    metrics: createMetrics(environment.service),
    about: ({ input: { org, app, pipeline, run } }: Parking) => ({ org, app, pipeline, run }),
  },
  park,
);
