import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { reportError } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createReconcileHandler } from './reconcile-handler.ts';

const environment = readEnvironment(process.env, ['table', 'stateMachine', 'retentionDays']);

export const handler = createReconcileHandler({
  table: createTable({ client: new DynamoDBClient({}), tableName: environment.table }),
  executions: createExecutions({
    client: new SFNClient({}),
    stateMachineArn: environment.stateMachine,
    clock: systemClock,
  }),
  clock: systemClock,
  retentionDays: daysOf(environment.retentionDays),
  report: reportError,
});
