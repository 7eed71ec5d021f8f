import { readFileSync } from 'node:fs';
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { AllowedActions } from './allowed-actions.ts';
import { AwsActions } from './aws-actions.ts';
import { arnOf, type Deployment, ofThisAccount, vendedLogs } from './deployment.ts';
import { PipecallFunction } from './pipecall-function.ts';
import type { RecordsTable } from './records-table.ts';
import type { SecretsKey } from './secrets-key.ts';

export type PipelineRunProps = {
  readonly records: RecordsTable;
  readonly secretsKey: SecretsKey;
  readonly publicUrl: string;
  readonly retentionDays: number;
  /** CIDRs. */
  readonly allowEgress: readonly string[];
  /** What the AWS actions may reach. */
  readonly allowedActions: AllowedActions;
  /** ARNs of Lambda functions. */
  readonly invokable: readonly string[];
  /** How many runs may execute at the same time. Undefined: as many as the account has room for. */
  readonly concurrency?: number;
  readonly deployment: Deployment;
};

/** The state machine `pipeline-run` and the two functions that it calls. */
export class PipelineRun extends Construct {
  readonly stateMachineArn: string;
  readonly machine: StateMachine;
  readonly actions: AwsActions;
  /** Executes the jobs. */
  readonly runJobs: PipecallFunction;
  readonly parkRun: PipecallFunction;
  readonly #machineName: string;

  constructor(scope: Construct, id: string, props: PipelineRunProps) {
    super(scope, id);
    const {
      records,
      secretsKey,
      publicUrl,
      retentionDays,
      allowEgress,
      allowedActions,
      invokable,
      concurrency,
      deployment,
    } = props;
    // A name of ours, and so an ARN that is known before the machine is there: park-run must be allowed to wake executions
    // of the machine that calls it, which would be a cycle.
    this.#machineName = `${deployment.name}-pipeline-run`;
    this.stateMachineArn = arnOf(this, 'states', 'stateMachine', this.#machineName);

    const runJobs = new PipecallFunction(this, 'RunJobs', {
      description: 'Pipecall: executes the jobs of one run',
      folder: 'run-jobs',
      workers: ['src/actions/clients/jq-worker.ts'],
      // Two threads of jq with 256 MiB each, and what up to 20 jobs hold.
      memorySize: 1024,
      // The most that Lambda has. The machine gives it 20 s more before it takes it for lost.
      timeout: Duration.minutes(15),
      environment: {
        table: records.name,
        stateMachine: this.stateMachineArn,
        retentionDays: String(retentionDays),
        publicUrl,
        allowEgress: allowEgress.join(','),
        secretsKey: secretsKey.id,
      },
      callsOut: true,
      ...(concurrency !== undefined && { reservedConcurrency: concurrency }),
      deployment,
    });
    // The end of a run lets in the next one of its concurrency group, which leaves the queue, and starts one for the artefacts
    // that waited, whose inputs may be put in parts, as a batch.
    records.allow(runJobs.role, {
      table: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    });
    this.allowStart(runJobs.role);
    // Or asks those to end that a newer one replaces, where whoever was to do it died.
    this.allowWake(runJobs.role);

    // The end of a called run wakes its caller; inputs that are secret in a called run are sealed for it.
    this.allowWake(runJobs.role);
    secretsKey.allowOpen(runJobs.role);
    secretsKey.allowSeal(runJobs.role);
    this.runJobs = runJobs;

    this.actions = new AwsActions(this, 'Actions', {
      allowed: allowedActions,
      invokable,
      worker: runJobs,
      records,
      stateMachineArn: this.stateMachineArn,
      allowWake: role => this.allowWake(role),
      deployment,
    });

    this.parkRun = new PipecallFunction(this, 'ParkRun', {
      description: 'Pipecall: leaves the task token of a run that waits',
      folder: 'park-run',
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: { table: records.name, stateMachine: this.stateMachineArn },
      deployment,
    });
    records.allow(this.parkRun.role, { table: ['GetItem', 'UpdateItem'] });
    this.allowWake(this.parkRun.role);

    const role = new Role(this, 'MachineRole', { assumedBy: ofThisAccount(this, 'states.amazonaws.com') });
    this.machine = new StateMachine(this, 'Machine', {
      role,
      stateMachineName: this.#machineName,
      stateMachineType: StateMachineType.STANDARD,
      // In the template, not a file beside it: CloudFormation shows what is deployed.
      definitionBody: DefinitionBody.fromString(
        readFileSync(new URL('pipeline-run.asl.json', import.meta.url), 'utf8'),
      ),
      definitionSubstitutions: {
        RunJobsArn: runJobs.alias.functionArn,
        ParkRunArn: this.parkRun.alias.functionArn,
      },
      logs: {
        destination: new LogGroup(this, 'Logs', {
          logGroupName: vendedLogs(this, 'states', deployment),
          retention: deployment.logRetention,
          removalPolicy: deployment.removalPolicy,
        }),
        level: LogLevel.ERROR,
        // The history has it, for those who may read the history; a log has more readers.
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [runJobs.alias.functionArn, this.parkRun.alias.functionArn],
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
      reason:
        'The actions that deliver the logs of a state machine know no resources, nor do those that send its traces.',
    });
    Validations.of(this.machine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'Errors only: each run has its own log in the records, and the history of an execution has every event.',
    });
  }

  allowStart(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.stateMachineArn] }));
  }

  allowWake(role: Role): void {
    // IAM judges the answer to a task of a Lambda function by its machine: https://github.com/aws/aws-cdk/pull/8486
    role.addToPolicy(new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [this.stateMachineArn] }));
  }

  allowLook(role: Role): void {
    const executions = `${this.#machineName}:*`;
    const resources = [arnOf(this, 'states', 'execution', executions)];
    role.addToPolicy(new PolicyStatement({ actions: ['states:DescribeExecution'], resources }));
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${executions}]`,
      reason: 'Every run is an execution of its own; these are the executions of this machine only.',
    });
  }
}
