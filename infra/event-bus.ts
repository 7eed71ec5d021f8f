import { Duration, Token } from 'aws-cdk-lib';
import { EventBus as Bus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, ArnPrincipal, type IPrincipal, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { VARIABLES } from '../src/aws/environment.ts';
import { onlyKnown } from './conditions.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { LISTENED_KEY, OWN_SOURCE } from './own-events.ts';
import { PipecallFunction } from './pipecall-function.ts';
import type { PipelineRun } from './pipeline-run.ts';
import type { RecordsTable } from './records-table.ts';
import type { SecretsKey } from './secrets-key.ts';

export type EventBusProps = {
  readonly records: RecordsTable;
  readonly secretsKey: SecretsKey;
  readonly pipelineRun: PipelineRun;
  readonly publicUrl: string;
  readonly retentionDays: number;
  /** Who may put events: ids of accounts, ARNs of roles and users. */
  readonly eventSenders: readonly string[];
  readonly deployment: Deployment;
};

/** The bus of the deployment, and the function that starts pipelines from what comes on it. */
export class EventBus extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly bus: Bus;
  /** Events that the function could not handle, and those that the bus could not hand over. */
  readonly deadLetters: DeadLetters;
  readonly onEvent: PipecallFunction;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const bus = new Bus(this, 'Bus', { eventBusName: `${props.deployment.name}-events` });
    this.bus = bus;
    this.name = bus.eventBusName;
    this.arn = bus.eventBusArn;
    if (props.eventSenders.length > 0) {
      bus.addToResourcePolicy(
        new PolicyStatement({
          sid: 'EventSenders',
          principals: props.eventSenders.map(principalOf),
          actions: ['events:PutEvents'],
          resources: [bus.eventBusArn],
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
          conditions: onlyKnown('StringNotEquals', 'events:source', [OWN_SOURCE]),
        }),
      );
    }
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    const onEvent = this.#onEvent(props);
    this.onEvent = onEvent;
    // A start may end runs before it that wait.
    this.hear(onEvent);
    onEvent.keepFailures(this.deadLetters);
    // The most that there is: what is put is not lost while the function cannot be reached.
    const target = new FunctionTarget(onEvent.alias, {
      deadLetterQueue: this.deadLetters,
      retryAttempts: 185,
      maxEventAge: Duration.hours(24),
    });
    new Rule(this, 'OnEveryEvent', {
      description: 'Pipecall: every event of others, for the patterns of pipelines are known to the function only',
      eventBus: bus,
      eventPattern: { source: Match.anythingBut(OWN_SOURCE) },
      targets: [target],
    });
    // Three for every run, each an invocation: only where a pipeline listens.
    new Rule(this, 'OnOwnEvent', {
      description: 'Pipecall: events of its own that some pipeline listens to',
      eventBus: bus,
      eventPattern: { source: [OWN_SOURCE], detail: { [LISTENED_KEY]: Match.exists() } },
      targets: [target],
    });
  }

  /** What this function tells of runs and approvals. */
  hear({ function: teller, role }: Pick<PipecallFunction, 'function' | 'role'>): void {
    teller.addEnvironment(VARIABLES.bus, this.name);
    this.allowPut(role);
  }

  allowPut(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.arn] }));
  }

  #onEvent({ records, secretsKey, pipelineRun, publicUrl, retentionDays, deployment }: EventBusProps) {
    const onEvent = new PipecallFunction(this, 'OnEvent', {
      description: 'Pipecall: starts the pipelines that an event meets',
      folder: 'on-event',
      // The reader of definitions is loaded at a cold start, and an event may have 1 MiB.
      memorySize: 1024,
      // An event may meet many pipelines.
      timeout: Duration.minutes(5),
      environment: {
        table: records.name,
        stateMachine: pipelineRun.stateMachineArn,
        retentionDays: String(retentionDays),
        publicUrl,
        secretsKey: secretsKey.id,
      },
      deployment,
    });
    records.allow(onEvent.role, {
      table: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    });
    secretsKey.allowSeal(onEvent.role);
    pipelineRun.allowStart(onEvent.role);
    // A start may cancel the runs before it that wait.
    pipelineRun.allowWake(onEvent.role);
    return onEvent;
  }
}

const principalOf = (sender: string): IPrincipal =>
  Token.isUnresolved(sender) || sender.startsWith('arn:') ? new ArnPrincipal(sender) : new AccountPrincipal(sender);
