import { Duration, Fn, Token, Validations } from 'aws-cdk-lib';
import { type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { ArnPrincipal, Effect, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { VARIABLES } from '../src/aws/environment.ts';
import { type AllowedActions, KINDS, problemsOf } from './allowed-actions.ts';
import { onlyKnown } from './conditions.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { OWN_SOURCE } from './own-events.ts';
import { PipecallFunction } from './pipecall-function.ts';
import type { RecordsTable } from './records-table.ts';

export type AwsActionsProps = {
  readonly allowed: AllowedActions;
  /** ARNs of the Lambda functions that registered actions may call. */
  readonly invokable: readonly string[];
  /** The function whose steps they are. */
  readonly worker: PipecallFunction;
  readonly records: RecordsTable;
  readonly stateMachineArn: string;
  readonly allowWake: (role: Role) => void;
  readonly deployment: Deployment;
};

/** What everything begins with that a step has started (src/aws/actions/step-token.ts). */
const STARTED_BY = 'pipecall-';

/**
 * The role that registered and AWS actions act as, with the rights that the deployment lists and no other (the worker takes
 * it on for a call, and has none of them itself), and what tells a run that waits of the end of what it started.
 */
export class AwsActions extends Construct {
  /** For what a target asks beside, such as the use of the key of a queue. */
  readonly role: Role;
  /** What waits for its end is told by it; undefined: nothing that is allowed can be waited for. */
  readonly onStatus?: PipecallFunction;
  readonly deadLetters?: DeadLetters;

  constructor(scope: Construct, id: string, props: AwsActionsProps) {
    super(scope, id);
    const { allowed, invokable, worker } = props;
    const problems = problemsOf(allowed);
    if (problems.length > 0) throw new Error(`allowedActions: ${problems.join('; ')}`);
    const targets = KINDS.filter(kind => kind !== 'taskRoles').flatMap(kind => allowed[kind] ?? []);
    worker.function.addEnvironment(VARIABLES.allowedActions, targets.join(','));
    this.role = new Role(this, 'Role', {
      description: 'Pipecall: what actions of pipelines may do',
      assumedBy: new ArnPrincipal(worker.role.roleArn),
    });
    const statements = statementsOf(allowed, invokable);
    for (const statement of statements) this.role.addToPolicy(statement);
    acknowledgePatterns(this.role, statements);
    worker.function.addEnvironment(VARIABLES.actionsRole, this.role.roleArn);
    worker.role.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.role.roleArn] }));
    const patterns = patternsOf(allowed);
    if (patterns.length === 0) return;
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.onStatus = this.#tell(patterns, props, this.deadLetters);
  }

  /**
   * Whatever is allowed, patterns for a whole account too: no run starts runs, hands over events or answers for a wait past
   * the API, for these functions believe whoever may invoke them, and a run is of one org only.
   */
  keepOut(functions: readonly PipecallFunction[], queues: readonly DeadLetters[], stateMachineArn: string): void {
    const arns = functions.map(({ function: { functionArn } }) => functionArn);
    const deny = (action: string, resources: string[]) =>
      this.role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: [action], resources }));
    deny(
      'lambda:InvokeFunction',
      arns.flatMap(arn => [arn, `${arn}:*`]),
    );
    deny('states:StartExecution', [stateMachineArn, `${stateMachineArn}:*`]);
    deny(
      'sqs:SendMessage',
      queues.map(({ queueArn }) => queueArn),
    );
  }

  #tell(
    patterns: readonly Watched[],
    { records, stateMachineArn, allowWake, deployment }: AwsActionsProps,
    deadLetters: DeadLetters,
  ): PipecallFunction {
    const onStatus = new PipecallFunction(this, 'OnStatus', {
      description: 'Pipecall: tells a run that what it waits for in AWS is over',
      folder: 'on-status',
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: { table: records.name, stateMachine: stateMachineArn },
      deployment,
    });
    records.allow(onStatus.role, { table: ['GetItem', 'UpdateItem'] });
    allowWake(onStatus.role);
    onStatus.keepFailures(deadLetters);
    const target = new FunctionTarget(onStatus.alias, { deadLetterQueue: deadLetters, retryAttempts: 8 });
    for (const { name, description, eventPattern } of patterns) {
      new Rule(this, name, { description, eventPattern, targets: [target] });
    }
    return onStatus;
  }
}

function statementsOf(allowed: AllowedActions, invokable: readonly string[]): readonly PolicyStatement[] {
  const grant = (
    actions: readonly string[],
    resources: readonly string[] = [],
    conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {},
  ) =>
    resources.length === 0
      ? []
      : [new PolicyStatement({ actions: [...actions], resources: [...resources], conditions })];
  const { stateMachines = [], clusters = [] } = allowed;
  return [
    ...grant(['lambda:InvokeFunction'], [...new Set([...invokable, ...(allowed.functions ?? [])])]),
    ...grant(['states:StartExecution'], stateMachines),
    ...grant(['states:DescribeExecution', 'states:StopExecution'], stateMachines.map(executionsOf)),
    // The cluster is a condition of RunTask, not a resource.
    ...grant(['ecs:RunTask'], allowed.taskDefinitions, { ArnLike: { 'ecs:cluster': clusters } }),
    ...grant(['ecs:DescribeTasks', 'ecs:StopTask'], clusters.map(tasksOf)),
    ...grant(['iam:PassRole'], allowed.taskRoles, {
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    }),
    ...grant(['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'], allowed.projects),
    // Our own bus may be among them: no run speaks in our name there.
    ...grant(['events:PutEvents'], allowed.eventBuses, onlyKnown('StringNotEquals', 'events:source', [OWN_SOURCE])),
    ...grant(['sqs:SendMessage'], allowed.queues),
    ...grant(['sns:Publish'], allowed.topics),
  ];
}

/** Of cdk-nag each one by itself; and the rule as a whole, which throws where CloudFormation fills in an ARN. */
function acknowledgePatterns(role: Role, statements: readonly PolicyStatement[]): void {
  const reason =
    'What the deployment lists in allowedActions, patterns included, and of that the executions and tasks, whose names are made when they start.';
  const resources = statements.flatMap(statement => statement.resources);
  const patterns = resources.filter(resource => !Token.isUnresolved(resource) && resource.includes('*'));
  const ids = patterns.map(pattern => `AwsSolutions-IAM5[Resource::${pattern}]`);
  if (resources.some(Token.isUnresolved)) ids.push('AwsSolutions-IAM5');
  Validations.of(role).acknowledge(...ids.map(id => ({ id, reason })));
}

/** Those that we start, of a machine or of a version or alias of it. */
function executionsOf(machine: string): string {
  const of = replaced(machine, ':stateMachine:', ':execution:');
  const plain = Token.isUnresolved(machine) ? of : of.split(':').slice(0, 7).join(':');
  return `${plain}:${STARTED_BY}*`;
}

const tasksOf = (cluster: string): string => `${replaced(cluster, ':cluster/', ':task/')}/*`;

/** In text, and in what CloudFormation fills in. */
const replaced = (arn: string, from: string, to: string): string =>
  Token.isUnresolved(arn) ? Fn.join(to, Fn.split(from, arn)) : arn.replace(from, to);

type Watched = { readonly name: string; readonly description: string; readonly eventPattern: EventPattern };

/** Ends of what we started, as far as an event can tell; whose it is the function looks up. */
function patternsOf({ stateMachines = [], clusters = [], projects = [] }: AllowedActions): readonly Watched[] {
  const watched: Watched[] = [];
  if (stateMachines.length > 0) {
    watched.push({
      name: 'ExecutionEnded',
      description: 'Pipecall: an execution that a step has started is over',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { name: Match.prefix(STARTED_BY), status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
    });
  }
  if (clusters.length > 0) {
    watched.push({
      name: 'TaskStopped',
      description: 'Pipecall: a task that a step has run has stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { startedBy: Match.prefix(STARTED_BY), lastStatus: ['STOPPED'] },
      },
    });
  }
  if (projects.length > 0) {
    watched.push({
      name: 'BuildEnded',
      description: 'Pipecall: a build of a project that steps may start is over',
      eventPattern: {
        source: ['aws.codebuild'],
        detailType: ['CodeBuild Build State Change'],
        detail: {
          'project-name': projects.map(projectName),
          'build-status': ['SUCCEEDED', 'FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'],
        },
      },
    });
  }
  return watched;
}

function projectName(arn: string): string | { readonly wildcard: string } {
  if (Token.isUnresolved(arn)) return Fn.select(1, Fn.split(':project/', arn));
  const [, name = ''] = arn.split(':project/');
  // The patterns of EventBridge have no `?`; whatever else it lets through is nobody's.
  return /[*?]/.test(name) ? { wildcard: name.replaceAll('?', '*').replaceAll(/\*+/g, '*') } : name;
}
