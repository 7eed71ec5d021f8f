import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { actions } from '../../src/actions/registry.ts';
import { createApi } from '../../src/api/api.ts';
import type { Log } from '../../src/api/log.ts';
import { pageKeyOf } from '../../src/api/page-tokens.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logLine } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createApiHandler } from './api-handler.ts';
import { lazyDefinitions } from './lazy-definitions.ts';

const environment = readEnvironment(process.env, ['table', 'stateMachine', 'retentionDays', 'pageKey']);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const log: Log = ({ level, message, ...fields }) => logLine(level, message, fields);

export const handler = createApiHandler(
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
    pageKey: pageKeyOf(environment.pageKey),
    log,
    retentionDays: daysOf(environment.retentionDays),
  }),
  log,
);
