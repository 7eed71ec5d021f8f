import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
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

/** `arn:<partition>:<service>:<region>:<account>:<resource>:<name>` */
export function arnOf(scope: Construct, service: string, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
