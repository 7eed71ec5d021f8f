import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { systemClock } from '../../src/aws/clock.ts';
import { createExecutions } from '../../src/aws/executions.ts';
import type { Meter } from '../../src/aws/meter.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Ground } from '../embedded.ts';
import type { StateMachine } from '../step-functions/state-machine.ts';
import { startDynamoDb } from './dynamodb.ts';
import { serveStepFunctions } from './step-functions.ts';

const TABLE_NAME = 'pipecall';

/** The AWS adapters against `dynalite` and a loopback Step Functions; nothing leaves the machine. */
export async function openSdk(folder: string, machine: StateMachine, meter: Meter): Promise<Ground> {
  const dynamoDb = await startDynamoDb({ tableName: TABLE_NAME, folder: join(folder, 'dynamodb') });
  const endpoint = await serveStepFunctions({ machine, stateMachineArn: machine.arn });
  const client = new SFNClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    table: createTable({ client: dynamoDb.client, tableName: TABLE_NAME, meter }),
    executions: createExecutions({
      client,
      stateMachineArn: machine.arn,
      clock: systemClock,
      meter: name => meter.call(name),
    }),
    async close() {
      client.destroy();
      await endpoint.close();
      await dynamoDb.close();
    },
  };
}
