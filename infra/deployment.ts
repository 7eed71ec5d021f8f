import { ArnFormat, Fn, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** What is the same for every part of one deployment. */
export type Deployment = {
  /** What names of ours begin with: unique in the account and region. */
  readonly name: string;
  readonly logRetention: RetentionDays;
  readonly logLevel: LogLevel;
  /** Of all that holds data: table, key, secret, logs. */
  readonly removalPolicy: RemovalPolicy;
  /** Undefined: functions that call out do so from AWS's own network. */
  readonly privateEgress?: PrivateEgress;
};

/** Where the functions stand that call what pipelines name, so that routes and security groups decide what they reach. */
export type PrivateEgress = {
  readonly vpc: IVpc;
  /** Default: those private subnets that have a way out. */
  readonly subnets?: SubnetSelection;
  /** Default: one of its own, which lets everything out. */
  readonly securityGroups?: readonly ISecurityGroup[];
};

/** The longest of our names is `<name>-pipeline-run`, and a name of Step Functions has at most 80 characters. */
export const NAME = /^[A-Za-z][A-Za-z0-9-]{0,66}$/;

/**
 * The stack's name, and where in the stack it is; `Default` says nothing.
 * @throws {Error} when that is no name, as in a nested stack, whose name CloudFormation makes.
 */
export function nameOf(construct: Construct): string {
  const stack = Stack.of(construct);
  const inside = construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  const name = [stack.stackName, ...inside.filter(id => id !== 'Default')].join('-');
  if (!NAME.test(name)) {
    throw new Error(`'${name}' cannot be the name of a deployment: give one of letters, digits and hyphens as "name"`);
  }
  return name;
}

/**
 * The name of a log group that a service of AWS writes to by itself. The account's one policy for them holds 5,120 characters
 * and names each group, save those that begin so: in a full account the deployment would fail otherwise. With the id of the
 * stack, for a group that outlived its stack must not be in the way of the next one.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 */
export function vendedLogs(scope: Construct, kind: 'apis' | 'states', { name }: Pick<Deployment, 'name'>): string {
  return `/aws/vendedlogs/${kind}/${name}-${Fn.select(2, Fn.split('/', Stack.of(scope).stackId))}`;
}

/**
 * A service of AWS while it is at work for this account, so that nobody elsewhere has it act as a role of ours.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const ofThisAccount = (scope: Construct, service: string): ServicePrincipal =>
  new ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });

/** `arn:<partition>:<service>:<region>:<account>:<resource>:<name>` */
export function arnOf(scope: Construct, service: string, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
