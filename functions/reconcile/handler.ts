import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { reportError } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createTell, tellKept } from '../../src/run/tell.ts';
import { lazyBus } from '../lazy-bus.ts';
import { createReconcileHandler } from './reconcile-handler.ts';

const environment = readEnvironment(process.env, ['table', 'stateMachine', 'retentionDays', 'bus']);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const telling = { bus: lazyBus(environment.bus), table, clock: systemClock, report: reportError };

export const handler = createReconcileHandler({
  table,
  executions: createExecutions({
    client: new SFNClient({}),
    stateMachineArn: environment.stateMachine,
    clock: systemClock,
  }),
  clock: systemClock,
  retentionDays: daysOf(environment.retentionDays),
  report: reportError,
  tell: createTell(telling),
  tellKept: () => tellKept(telling),
});
