import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { createJq } from '../../src/actions/clients/jq.ts';
import { actions } from '../../src/actions/registry.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { reportError } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { runUrl } from '../../src/run/run-url.ts';
import { createTell } from '../../src/run/tell.ts';
import { lazyBus } from '../lazy-bus.ts';
import { lazyVault } from '../lazy-vault.ts';
import { openActionCalls } from '../open-action-calls.ts';
import { createRunJobsHandler } from './run-jobs-handler.ts';

const environment = readEnvironment(process.env, [
  'table',
  'stateMachine',
  'retentionDays',
  'publicUrl',
  'allowEgress',
  'secretsKey',
  'bus',
  'actionsRole',
  'allowedActions',
]);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const allowEgress = environment.allowEgress.split(',').filter(range => range !== '');
const aws = openActionCalls(environment.actionsRole, environment.allowedActions);

export const handler = createRunJobsHandler({
  table,
  executions: createExecutions({
    client: new SFNClient({}),
    stateMachineArn: environment.stateMachine,
    clock: systemClock,
  }),
  clock: systemClock,
  ids: systemIds,
  definitions: createDefinitions(table, actions),
  vault: lazyVault(environment.secretsKey),
  actions,
  clients: { http: createHttpClient({ allowEgress }), jq: createJq(), ...(aws === undefined ? {} : { aws }) },
  retentionDays: daysOf(environment.retentionDays),
  maxParallelJobs: 20,
  urlOf: path => runUrl(environment.publicUrl, path),
  report: reportError,
  tell: createTell({ bus: lazyBus(environment.bus), table, clock: systemClock, report: reportError }),
});
