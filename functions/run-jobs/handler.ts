import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { createJq } from '../../src/actions/clients/jq.ts';
import { createActionOf } from '../../src/actions/registered.ts';
import { actions } from '../../src/actions/registry.ts';
import { createBatches } from '../../src/api/artefacts/batches.ts';
import { createStartCalled } from '../../src/api/call-run.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { logEntry, reportError } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import { checkInputs } from '../../src/language/check-inputs.ts';
import type { ExecutionInput } from '../../src/ports/executions.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { callbackUrl, runUrl } from '../../src/run/run-url.ts';
import { createTell } from '../../src/run/tell.ts';
import { lazyBus } from '../lazy-bus.ts';
import { lazyInvoke } from '../lazy-invoke.ts';
import { lazyVault } from '../lazy-vault.ts';
import { observed } from '../observed.ts';
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
  'service',
]);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const allowEgress = environment.allowEgress.split(',').filter(range => range !== '');
const aws = openActionCalls(environment.actionsRole, environment.allowedActions);
const vault = lazyVault(environment.secretsKey);
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
  retentionDays: daysOf(environment.retentionDays),
  tell: createTell({ bus: lazyBus(environment.bus), table, clock: systemClock, report: reportError }),
  measure: metrics.measure,
};

const runJobs = createRunJobsHandler({
  ...core,
  settleBatch: createBatches({ ...core, log: logEntry }).settleBatch,
  startCalled: createStartCalled({ ...core, vault, log: logEntry, baseUrl: environment.publicUrl }),
  actionOf: createActionOf(lazyInvoke(environment.actionsRole), checkInputs),
  callbackUrl: token => callbackUrl(environment.publicUrl, token),
  vault,
  actions,
  clients: { http: createHttpClient({ allowEgress }), jq: createJq(), ...(aws === undefined ? {} : { aws }) },
  maxParallelJobs: 20,
  urlOf: path => runUrl(environment.publicUrl, path),
  report: reportError,
});

export const handler = observed(
  { metrics, about: ({ org, app, pipeline, run }: ExecutionInput) => ({ org, app, pipeline, run }) },
  runJobs,
);
