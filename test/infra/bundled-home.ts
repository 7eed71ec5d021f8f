import { createGateway } from '../../local/gateway.ts';
import { startDynamoDb } from '../../local/sdk/dynamodb.ts';
import { serveEventBridge } from '../../local/sdk/event-bridge.ts';
import { serveStepFunctions } from '../../local/sdk/step-functions.ts';
import { createStateMachine, type Execution } from '../../local/step-functions/state-machine.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Bus } from '../../src/ports/bus.ts';
import type { Table } from '../../src/ports/table.ts';
import type { functions } from '../fixtures/infra/functions.ts';
import { PIPELINE_RUN } from '../kit/pipeline-run.ts';
import { startKms } from '../kit/stand-in-kms.ts';
import { type BundledFunction, openFunction } from './bundled-function.ts';
import type { Template } from './synthesize.ts';

export type FunctionName = keyof typeof functions;

/** The product as it is deployed, as far as one machine can have it: only what AWS itself does is a stand-in. */
export type BundledHome = {
  readonly url: string;
  readonly functions: Readonly<Record<FunctionName, BundledFunction>>;
  readonly table: Table;
  readonly tableName: string;
  /** Its endpoint. */
  readonly dynamoDb: string;
  execution(name: string): Execution | undefined;
  close(): Promise<void>;
};

const TABLE_NAME = 'records';
const STATE_MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:Pipecall-pipeline-run';

/** What CloudFormation would fill in. */
export const SERVER_SECRET = 'x'.repeat(64);

const SECRETS_KEY = 'the-key';

const FILLED_IN = {
  '<AWS::Partition>': 'aws',
  '<AWS::Region>': 'us-east-1',
  '<AWS::AccountId>': '123456789012',
  '<RecordsTable>': TABLE_NAME,
  '<SecretsKey>': SECRETS_KEY,
  '<EventsBus>': 'pipecall-events',
  '<PipelineRunActionsRole.Arn>': 'arn:aws:iam::123456789012:role/actions',
  '<GatewayApi.ApiEndpoint>': 'https://api.example.com',
  '{{resolve:secretsmanager:<ServerSecret>:SecretString:::}}': SERVER_SECRET,
};

export async function openBundledHome(folder: string, template: Template): Promise<BundledHome> {
  const database = await startDynamoDb({ tableName: TABLE_NAME });
  const opened = new Map<string, BundledFunction>();
  const call = (name: FunctionName) => (event: unknown) => {
    const bundled = opened.get(name);
    if (bundled === undefined) throw new Error(`${name} is called before it is there`);
    return bundled.call(event);
  };
  const machine = createStateMachine(PIPELINE_RUN, {
    functions: { 'run-jobs': call('PipelineRunRunJobsFunction'), 'park-run': call('PipelineRunParkRunFunction') },
    clock: systemClock,
    ids: systemIds,
    arn: STATE_MACHINE_ARN,
  });
  const stepFunctions = await serveStepFunctions({ machine, stateMachineArn: STATE_MACHINE_ARN });
  const kms = await startKms(SECRETS_KEY);
  // What is put is taken and delivered to nobody: the test calls the function itself.
  const taken: Bus = { put: async events => events.map(() => ({ id: systemIds.uuid() })) };
  const eventBridge = await serveEventBridge(taken);
  const open = async (name: FunctionName) => {
    const endpoints = {
      dynamoDb: database.endpoint,
      stepFunctions: stepFunctions.url,
      kms: kms.url,
      eventBridge: eventBridge.url,
    };
    const bundled = await openFunction(name, { folder, template, filledIn: FILLED_IN, endpoints });
    opened.set(name, bundled);
    return bundled;
  };
  const functions = {
    ApiFunction: await open('ApiFunction'),
    PipelineRunRunJobsFunction: await open('PipelineRunRunJobsFunction'),
    PipelineRunParkRunFunction: await open('PipelineRunParkRunFunction'),
    EventsOnEventFunction: await open('EventsOnEventFunction'),
    ReconciliationReconcileFunction: await open('ReconciliationReconcileFunction'),
    WebhooksDeliverFunction: await open('WebhooksDeliverFunction'),
  };
  // as: the gateway judges what a handler answers by its status, headers and body only
  const handler = (event: unknown) => functions.ApiFunction.call(event) as Promise<never>;
  const gateway = await createGateway({ handler, port: 0 });
  return {
    url: gateway.url,
    functions,
    table: createTable({ client: database.client, tableName: TABLE_NAME }),
    tableName: TABLE_NAME,
    dynamoDb: database.endpoint,
    execution: name => machine.look(name),
    async close() {
      await gateway.close();
      machine.close();
      await Promise.all(Object.values(functions).map(bundled => bundled.close()));
      await stepFunctions.close();
      await kms.close();
      await eventBridge.close();
      await database.close();
    },
  };
}
