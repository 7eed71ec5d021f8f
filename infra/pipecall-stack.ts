import { CfnOutput, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { AllowedActions } from './allowed-actions.ts';
import { EventBus } from './event-bus.ts';
import { HttpGateway } from './http-gateway.ts';
import { PipecallFunction } from './pipecall-function.ts';
import { PipelineRun } from './pipeline-run.ts';
import { Reconciliation } from './reconciliation.ts';
import { RecordsTable } from './records-table.ts';
import { SecretsKey } from './secrets-key.ts';

export type PipecallStackProps = StackProps & {
  /** Days that the records of a run are kept after its end. Default 90. */
  readonly retentionDays?: number;
  /** CIDRs that the action `http` may reach although they are private. Default: none. */
  readonly allowEgress?: readonly string[];
  /** What the AWS actions of pipelines may reach. Default: nothing. */
  readonly allowedActions?: AllowedActions;
  /** Who may put events on the bus: ids of accounts, ARNs of roles and users. Default: nobody but who has the right by IAM. */
  readonly eventSenders?: readonly string[];
  /** ARNs of the Lambda functions that registered actions may call, as registrations name them. Default: none. */
  readonly invokable?: readonly string[];
  /** False: the table goes with the stack, for trying things out. Default: it stays, and is protected. */
  readonly keepRecords?: boolean;
  /** Of every log group. Default: one month. */
  readonly logRetention?: RetentionDays;
  /** Requests per second of all callers together, and how many may come at once. Default 200 and 400. */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
};

/** All of Pipecall in one account and region. */
export class PipecallStack extends Stack {
  /** What registered and AWS actions act as, for rights that a target asks beside. */
  readonly actionsRole: Role;

  constructor(scope: Construct, id: string, props: PipecallStackProps = {}) {
    super(scope, id, { description: 'Pipecall: pipelines that are started over HTTP', ...props });
    const { retentionDays = 90, allowEgress = [], allowedActions = {}, invokable = [], keepRecords = true } = props;
    const { eventSenders = [] } = props;
    const { logRetention = RetentionDays.ONE_MONTH, throttle = { rateLimit: 200, burstLimit: 400 } } = props;

    const records = new RecordsTable(this, 'Records', { keepRecords });
    const secretsKey = new SecretsKey(this, 'Secrets', { keepRecords });
    const gateway = new HttpGateway(this, 'Gateway', { throttle, logRetention });
    const pipelineRun = new PipelineRun(this, 'PipelineRun', {
      records,
      secretsKey,
      publicUrl: gateway.url,
      retentionDays,
      allowEgress,
      allowedActions,
      invokable,
      logRetention,
    });
    this.actionsRole = pipelineRun.actionsRole;
    const events = new EventBus(this, 'Events', {
      records,
      secretsKey,
      pipelineRun,
      publicUrl: gateway.url,
      retentionDays,
      eventSenders,
      logRetention,
    });
    const reconciliation = new Reconciliation(this, 'Reconciliation', {
      records,
      pipelineRun,
      retentionDays,
      logRetention,
    });

    // What the API derives the keys of token hashes and page tokens from. It opens no token: without the table, or with
    // read rights on it, it is worth nothing. So the function has it as a variable, which CloudFormation fills in: no
    // client, no call and no right more at a cold start.
    const serverSecret = new Secret(this, 'ServerSecret', {
      description: 'Pipecall: keys of token hashes and page tokens',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    Validations.of(serverSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotation would end every token at once, because their hashes are keyed with it; tokens themselves expire.',
    });
    const api = new PipecallFunction(this, 'Api', {
      description: 'Pipecall: the HTTP API',
      folder: 'api',
      // More than it needs, for the share of a CPU that comes with it: a cold start is computing.
      memorySize: 1024,
      // The gateway gives up after 30 s.
      timeout: Duration.seconds(29),
      environment: {
        table: records.name,
        stateMachine: pipelineRun.stateMachineArn,
        retentionDays: String(retentionDays),
        serverSecret: serverSecret.secretValue.unsafeUnwrap(),
        secretsKey: secretsKey.id,
      },
      logRetention,
    });
    records.allow(api.role, {
      // Large inputs are put in parts, as a batch.
      table: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
      indexes: ['gsi1', 'gsi2'],
    });
    secretsKey.allowSeal(api.role);
    pipelineRun.allowStart(api.role);
    pipelineRun.allowWake(api.role);
    gateway.routeTo(api.function);
    for (const teller of [pipelineRun.worker, reconciliation.function, api]) events.hear(teller);

    new CfnOutput(this, 'ApiUrl', { description: 'Where callers reach the API', value: gateway.url });
    new CfnOutput(this, 'EventBusName', { description: 'The bus whose events start pipelines', value: events.name });
    new CfnOutput(this, 'TableName', { description: 'The table with all records', value: records.name });
    new CfnOutput(this, 'ServerSecretArn', {
      description: 'The secret behind token hashes; the first administrator is made with it',
      value: serverSecret.secretArn,
    });
    new CfnOutput(this, 'StateMachineArn', {
      description: 'The state machine of which every run is an execution',
      value: pipelineRun.stateMachineArn,
    });
  }
}
