import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { actions } from '../../src/actions/registry.ts';
import { createBatches } from '../../src/api/artefacts/batches.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logEntry } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { lazyTell } from '../lazy-tell.ts';
import { lazyVault } from '../lazy-vault.ts';
import { observed } from '../observed.ts';
import { aboutEvent, createOnEventHandler } from './on-event-handler.ts';

const environment = readEnvironment(process.env, [
  'table',
  'stateMachine',
  'retentionDays',
  'publicUrl',
  'secretsKey',
  'bus',
  'service',
]);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const metrics = createMetrics(environment.service);

const core = {
  table,
  executions: createExecutions({
    client: new SFNClient({}),
    stateMachineArn: environment.stateMachine,
    clock: systemClock,
  }),
  clock: systemClock,
  ids: systemIds,
  definitions: createDefinitions(table, actions),
  log: logEntry,
  retentionDays: daysOf(environment.retentionDays),
  tell: lazyTell(environment.bus, table),
  baseUrl: environment.publicUrl,
  measure: metrics.measure,
};

const onEvent = createOnEventHandler({
  ...core,
  vault: lazyVault(environment.secretsKey),
  // A start may end a run of artefacts that waits.
  settleBatch: createBatches(core).settleBatch,
});

export const handler = observed({ metrics, about: aboutEvent }, onEvent);
