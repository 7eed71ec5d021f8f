import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  Runtime,
  Tracing,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { VARIABLES, type Variable } from '../src/aws/environment.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { codeOf } from './function-code.ts';
import { allowNetwork, networkOf } from './private-network.ts';

export type PipecallFunctionProps = {
  readonly description: string;
  /** Folder in `functions`. */
  readonly folder: 'api' | 'run-jobs' | 'park-run' | 'reconcile' | 'on-event' | 'on-status' | 'deliver-webhooks';
  /** Files, from the root of the repository, of the threads that the function starts. */
  readonly workers?: readonly string[];
  /** MiB; the share of a CPU grows with it, one whole CPU at 1,769. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Partial<Record<Variable, string>>>;
  /** True: it calls what pipelines and apps name, from the private network of the deployment if that has one. */
  readonly callsOut?: boolean;
  /** Of the account's concurrent executions, how many are set aside for it and how many it may have at the most. */
  readonly reservedConcurrency?: number;
  readonly deployment: Deployment;
};

/** What everybody invokes. */
export const ALIAS = 'live';

/** One Lambda function with its bundle, its own log group, and a role that may write its log and its traces and nothing else. */
export class PipecallFunction extends Construct {
  readonly function: LambdaFunction;
  /** The version that is deployed last. */
  readonly version: Version & IVersion;
  /** What everybody invokes: the version that is in use, or two of them while a new one is tried. */
  readonly alias: Alias & IFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: PipecallFunctionProps) {
    super(scope, id);
    const { deployment, reservedConcurrency } = props;
    const { logRetention: retention, removalPolicy } = deployment;
    this.logGroup = new LogGroup(this, 'Logs', { retention, removalPolicy });
    // A role of our own: the default one carries a managed policy that may write to every log group.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
    const environment = {
      ...props.environment,
      service: deployment.name,
      logLevel: deployment.logLevel,
    } satisfies Readonly<Partial<Record<Variable, string>>>;
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props.folder, props.workers),
      memorySize: props.memorySize,
      timeout: props.timeout,
      environment: Object.fromEntries(
        // as: Object.entries forgets the names
        (Object.entries(environment) as [Variable, string][]).map(([name, value]) => [VARIABLES[name], value]),
      ),
      role: this.role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: {
        // The versions before it stay, to go back to; one whose deployment failed does not, for the same code could
        // then never be deployed again: Lambda makes no second version of it.
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(props.callsOut && networkOf(deployment)),
    });
    // as, twice: CDK declares `role` of its classes otherwise than of the interfaces that they implement
    this.version = this.function.currentVersion as Version & IVersion;
    this.alias = new Alias(this, 'Live', { aliasName: ALIAS, version: this.version }) as Alias & IFunction;
    if (props.callsOut && deployment.privateEgress !== undefined) allowNetwork(this.function, this.role);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'The actions that send traces to X-Ray know no resources; nor do those that Lambda makes interfaces with.',
    });
    Validations.of(this.function).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Who invokes it synchronously tries again by itself; where events do, the alias has a destination for failures, which keeps the error too.',
    });
  }

  /** What was invoked by an event and failed three times goes there, with the error. */
  keepFailures(deadLetters: DeadLetters): void {
    // CDK's own destination allows reading the queue's attributes too.
    this.role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    this.alias.configureAsyncInvoke({
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    });
  }
}
