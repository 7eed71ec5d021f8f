import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { actions } from '../../src/actions/registry.ts';
import { createBatches } from '../../src/api/artefacts/batches.ts';
import type { Log } from '../../src/api/log.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logLine } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { lazyTell } from '../lazy-tell.ts';
import { lazyVault } from '../lazy-vault.ts';
import { createOnEventHandler } from './on-event-handler.ts';

const environment = readEnvironment(process.env, [
  'table',
  'stateMachine',
  'retentionDays',
  'publicUrl',
  'secretsKey',
  'bus',
]);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const log: Log = ({ level, message, ...fields }) => logLine(level, message, fields);

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
  log,
  retentionDays: daysOf(environment.retentionDays),
  tell: lazyTell(environment.bus, table),
  baseUrl: environment.publicUrl,
};

export const handler = createOnEventHandler({
  ...core,
  vault: lazyVault(environment.secretsKey),
  // A start may end a run of artefacts that waits.
  settleBatch: createBatches(core).settleBatch,
});
