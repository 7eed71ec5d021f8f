import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createBatches } from '../../src/api/artefacts/batches.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logEntry, reportError } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import { createTell, tellKept } from '../../src/run/tell.ts';
import { lazyDefinitions } from '../api/lazy-definitions.ts';
import { lazyBus } from '../lazy-bus.ts';
import { observed } from '../observed.ts';
import { createReconcileHandler, runOfEvent } from './reconcile-handler.ts';

const environment = readEnvironment(process.env, ['table', 'stateMachine', 'retentionDays', 'bus', 'service']);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const telling = { bus: lazyBus(environment.bus), table, clock: systemClock, report: reportError };

const metrics = createMetrics(environment.service);

const core = {
  table,
  executions: createExecutions({
    client: new SFNClient({}),
    stateMachineArn: environment.stateMachine,
    clock: systemClock,
  }),
  clock: systemClock,
  retentionDays: daysOf(environment.retentionDays),
  tell: createTell(telling),
  measure: metrics.measure,
};

const reconcile = createReconcileHandler({
  ...core,
  ...createBatches({
    ...core,
    ids: systemIds,
    // A round rarely finds artefacts that wait.
    definitions: lazyDefinitions(table, async () => (await import('../../src/actions/registry.ts')).actions),
    log: logEntry,
  }),
  report: reportError,
  tellKept: () => tellKept(telling),
});

export const handler = observed({ metrics, about: event => runOfEvent(event) ?? {} }, reconcile);
