import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createApi } from '../../src/api/api.ts';
import { deriveKeys } from '../../src/api/keys-of.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logEntry } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import type { ActionShapes } from '../../src/language/read-pipeline.ts';
import { lazyTell } from '../lazy-tell.ts';
import { lazyVault } from '../lazy-vault.ts';
import { observed } from '../observed.ts';
import { aboutRequest } from './about-request.ts';
import { createApiHandler } from './api-handler.ts';
import { lazyDefinitions } from './lazy-definitions.ts';

const environment = readEnvironment(process.env, [
  'table',
  'stateMachine',
  'retentionDays',
  'serverSecret',
  'secretsKey',
  'bus',
  'service',
]);
const actions = async (): Promise<ActionShapes> => (await import('../../src/actions/registry.ts')).actions;
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const metrics = createMetrics(environment.service);

const answer = createApiHandler(
  createApi({
    table,
    executions: createExecutions({
      client: new SFNClient({}),
      stateMachineArn: environment.stateMachine,
      clock: systemClock,
    }),
    clock: systemClock,
    ids: systemIds,
    definitions: lazyDefinitions(table, actions),
    actions,
    keys: deriveKeys(environment.serverSecret),
    vault: lazyVault(environment.secretsKey),
    log: logEntry,
    retentionDays: daysOf(environment.retentionDays),
    tell: lazyTell(environment.bus, table),
    measure: metrics.measure,
  }),
  logEntry,
);

export const handler = observed({ metrics, about: aboutRequest }, answer);
