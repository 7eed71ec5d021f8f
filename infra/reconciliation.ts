import { Duration } from 'aws-cdk-lib';
import { Rule, type RuleProps, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { PipecallFunction } from './pipecall-function.ts';
import type { PipelineRun } from './pipeline-run.ts';
import type { RecordsTable } from './records-table.ts';

export type ReconciliationProps = {
  readonly records: RecordsTable;
  readonly pipelineRun: PipelineRun;
  readonly retentionDays: number;
  readonly deployment: Deployment;
};

/** How executions end that did not reach `Done`. */
const BAD_ENDS = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/** Starts what was never started and ends what died: every five minutes, and at once when an execution ends badly. */
export class Reconciliation extends Construct {
  readonly function: PipecallFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { records, pipelineRun, retentionDays, deployment } = props;
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    this.deadLetters = deadLetters;
    const reconcile = new PipecallFunction(this, 'Reconcile', {
      description: 'Pipecall: starts runs that were never started, ends runs whose execution died',
      folder: 'reconcile',
      memorySize: 512,
      timeout: Duration.minutes(5),
      environment: {
        table: records.name,
        stateMachine: pipelineRun.stateMachineArn,
        retentionDays: String(retentionDays),
      },
      deployment,
    });
    records.allow(reconcile.role, {
      table: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
      indexes: ['gsi2'],
    });
    pipelineRun.allowStart(reconcile.role);
    pipelineRun.allowWake(reconcile.role);
    pipelineRun.allowLook(reconcile.role);
    this.function = reconcile;
    // An event that the function could not take or could not handle; the next round makes up for it.
    reconcile.keepFailures(deadLetters);
    const target = new FunctionTarget(reconcile.alias, { deadLetterQueue: deadLetters });
    const on = (name: string, rule: Pick<RuleProps, 'schedule' | 'eventPattern' | 'description'>) =>
      new Rule(this, name, { ...rule, targets: [target] });
    on('EveryFiveMinutes', {
      description: 'Pipecall: runs that are not over are looked at',
      schedule: Schedule.rate(Duration.minutes(5)),
    });
    on('ExecutionEndedBadly', {
      description: 'Pipecall: an execution ended before its run was over',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [pipelineRun.stateMachineArn], status: BAD_ENDS },
      },
    });
  }
}
