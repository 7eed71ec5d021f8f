import { Effect, Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionOptions, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Deployment } from './deployment.ts';

/** What Lambda makes network interfaces with: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Where a function stands that calls out. */
export function networkOf({
  privateEgress,
}: Deployment): Pick<FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
  if (privateEgress === undefined) return {};
  const { vpc, subnets, securityGroups } = privateEgress;
  return {
    vpc,
    ...(subnets && { vpcSubnets: subnets }),
    ...(securityGroups && { securityGroups: [...securityGroups] }),
  };
}

/** Lambda makes the interfaces with the rights of the role; the code of the function may not. */
export function allowNetwork(caller: LambdaFunction, role: Role): void {
  role.addToPolicy(new PolicyStatement({ actions: ACTIONS, resources: ['*'] }));
  // A policy of its own, for it names the function, and the function waits for the policies of its role.
  new Policy(caller, 'CodeMakesNoInterfaces', {
    roles: [role],
    statements: [
      new PolicyStatement({
        effect: Effect.DENY,
        actions: [...ACTIONS, 'ec2:DetachNetworkInterface'],
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': caller.functionArn } },
      }),
    ],
  });
}
