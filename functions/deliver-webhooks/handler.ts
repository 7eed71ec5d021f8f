import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { readEnvironment } from '../../src/aws/environment.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { reportError } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';
import { createTable } from '../../src/aws/table.ts';
import { lazyVault } from '../lazy-vault.ts';
import { observed } from '../observed.ts';
import { aboutEvent } from '../on-event/on-event-handler.ts';
import { createDeliverWebhooksHandler } from './deliver-webhooks-handler.ts';

const environment = readEnvironment(process.env, ['table', 'secretsKey', 'allowEgress', 'service']);
const metrics = createMetrics(environment.service);

const core = {
  table: createTable({ client: new DynamoDBClient({}), tableName: environment.table }),
  clock: systemClock,
  report: reportError,
};

const deliverWebhooks = createDeliverWebhooksHandler({
  ...core,
  ids: systemIds,
  // Most events are of apps without webhooks.
  vault: lazyVault(environment.secretsKey),
  http: createHttpClient({ allowEgress: environment.allowEgress.split(',').filter(range => range !== '') }),
  measure: metrics.measure,
});

export const handler = observed({ metrics, about: aboutEvent }, deliverWebhooks);
