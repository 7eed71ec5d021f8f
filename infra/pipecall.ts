import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Canaries } from './canaries.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type Deployment, nameOf } from './deployment.ts';
import { EventBus } from './event-bus.ts';
import { HttpGateway } from './http-gateway.ts';
import { Monitoring } from './monitoring.ts';
import { PipecallFunction } from './pipecall-function.ts';
import { type PipecallProps, THROTTLE } from './pipecall-props.ts';
import { PipelineRun } from './pipeline-run.ts';
import { Reconciliation } from './reconciliation.ts';
import { RecordsTable } from './records-table.ts';
import { SecretsKey } from './secrets-key.ts';
import { Webhooks } from './webhooks.ts';

/** The functions by what they are for; those that a deployment may do without are optional. */
export type PipecallFunctions = {
  readonly api: PipecallFunction;
  readonly runJobs: PipecallFunction;
  readonly parkRun: PipecallFunction;
  readonly reconcile: PipecallFunction;
  readonly onEvent: PipecallFunction;
  readonly deliverWebhooks: PipecallFunction;
  readonly onStatus?: PipecallFunction;
};

/** Where that rests which could not be handled, by who could not. */
export type DeadLetterQueues = {
  readonly events: DeadLetters;
  readonly reconciliation: DeadLetters;
  readonly webhooks: DeadLetters;
  readonly actions?: DeadLetters;
};

/** All of Pipecall, inside any stack. */
export class Pipecall extends Construct {
  readonly gateway: HttpGateway;
  readonly table: RecordsTable;
  readonly secretsKey: SecretsKey;
  readonly serverSecret: Secret;
  readonly stateMachine: PipelineRun;
  readonly bus: EventBus;
  readonly functions: PipecallFunctions;
  readonly deadLetterQueues: DeadLetterQueues;
  /** Undefined: new versions are in use at once. */
  readonly canaries?: Canaries;
  /** What registered and AWS actions act as, for rights that a target asks beside. */
  readonly actionsRole: Role;
  readonly monitoring: Monitoring;

  constructor(scope: Construct, id: string, props: PipecallProps = {}) {
    super(scope, id);
    const { retentionDays = 90, allowEgress = [], allowedActions = {}, invokable = [], eventSenders = [] } = props;
    const {
      removalPolicy = RemovalPolicy.RETAIN,
      existingTable,
      throttle = THROTTLE,
      domain,
      concurrency = {},
    } = props;
    const { alarmsTopic, canary = true, privateEgress } = props;
    const deployment: Deployment = {
      name: props.name ?? nameOf(this),
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      logLevel: props.logLevel ?? 'info',
      removalPolicy,
      ...(privateEgress && { privateEgress }),
    };

    const records = new RecordsTable(this, 'Records', {
      removalPolicy,
      ...(existingTable !== undefined && { existing: existingTable }),
    });
    const secretsKey = new SecretsKey(this, 'Secrets', { removalPolicy });
    const gateway = new HttpGateway(this, 'Gateway', { throttle, deployment, ...(domain && { domain }) });
    const pipelineRun = new PipelineRun(this, 'PipelineRun', {
      records,
      secretsKey,
      publicUrl: gateway.url,
      retentionDays,
      allowEgress,
      allowedActions,
      invokable,
      ...(concurrency.runJobs !== undefined && { concurrency: concurrency.runJobs }),
      deployment,
    });
    const bus = new EventBus(this, 'Events', {
      records,
      secretsKey,
      pipelineRun,
      publicUrl: gateway.url,
      retentionDays,
      eventSenders,
      deployment,
    });
    const reconciliation = new Reconciliation(this, 'Reconciliation', {
      records,
      pipelineRun,
      retentionDays,
      deployment,
    });

    const webhooks = new Webhooks(this, 'Webhooks', { records, secretsKey, bus, allowEgress, deployment });

    // What the API derives the keys of token hashes and page tokens from. It opens no token: without the table, or with
    // read rights on it, it is worth nothing. So the function has it as a variable, which CloudFormation fills in: no
    // client, no call and no right more at a cold start.
    this.serverSecret = new Secret(this, 'ServerSecret', {
      description: 'Pipecall: keys of token hashes and page tokens',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    Validations.of(this.serverSecret).acknowledge({
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
        serverSecret: this.serverSecret.secretValue.unsafeUnwrap(),
        secretsKey: secretsKey.id,
      },
      ...(concurrency.api !== undefined && { reservedConcurrency: concurrency.api }),
      deployment,
    });
    records.allow(api.role, {
      // Large inputs are put in parts, as a batch.
      table: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
      indexes: ['gsi1', 'gsi2'],
    });
    secretsKey.allowSeal(api.role);
    pipelineRun.allowStart(api.role);
    pipelineRun.allowWake(api.role);
    gateway.routeTo(api.alias);
    for (const teller of [pipelineRun.runJobs, reconciliation.function, api]) bus.hear(teller);

    this.gateway = gateway;
    this.table = records;
    this.secretsKey = secretsKey;
    this.stateMachine = pipelineRun;
    this.bus = bus;
    this.actionsRole = pipelineRun.actions.role;
    const { onStatus, deadLetters } = pipelineRun.actions;
    this.functions = {
      api,
      runJobs: pipelineRun.runJobs,
      parkRun: pipelineRun.parkRun,
      reconcile: reconciliation.function,
      onEvent: bus.onEvent,
      deliverWebhooks: webhooks.function,
      ...(onStatus && { onStatus }),
    };
    this.deadLetterQueues = {
      events: bus.deadLetters,
      reconciliation: reconciliation.deadLetters,
      webhooks: webhooks.deadLetters,
      ...(deadLetters && { actions: deadLetters }),
    };
    if (canary) {
      // Not reconcile: one invocation in five minutes shows nothing of a tenth. It goes back with the others.
      const { api: _, reconcile: __, ...others } = this.functions;
      this.canaries = new Canaries(this, 'Canaries', { gateway, api, others, ...(alarmsTopic && { alarmsTopic }) });
    }
    const { name } = deployment;
    this.monitoring = new Monitoring(this, 'Monitoring', {
      name,
      functions: this.functions,
      deadLetterQueues: this.deadLetterQueues,
      gateway,
      table: records,
      machine: pipelineRun.machine,
      ...(alarmsTopic && { alarmsTopic }),
      ...(props.runbooks !== undefined && { runbooks: props.runbooks }),
    });
  }
}
