import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { createJq } from '../../src/actions/clients/jq.ts';
import { actions } from '../../src/actions/registry.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { daysOf, readEnvironment } from '../../src/aws/environment.ts';
import { reportError } from '../../src/aws/log.ts';
import { createTable } from '../../src/aws/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { runUrl } from '../../src/run/run-url.ts';
import { createRunJobsHandler } from './run-jobs-handler.ts';

const environment = readEnvironment(process.env, ['table', 'retentionDays', 'publicUrl', 'allowEgress']);
const table = createTable({ client: new DynamoDBClient({}), tableName: environment.table });
const allowEgress = environment.allowEgress.split(',').filter(range => range !== '');

export const handler = createRunJobsHandler({
  table,
  clock: systemClock,
  definitions: createDefinitions(table, actions),
  actions,
  clients: { http: createHttpClient({ allowEgress }), jq: createJq() },
  retentionDays: daysOf(environment.retentionDays),
  maxParallelJobs: 20,
  urlOf: path => runUrl(environment.publicUrl, path),
  report: reportError,
});
