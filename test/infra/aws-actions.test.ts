import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { PipecallStack } from '../../infra/pipecall-stack.ts';
import { stepToken } from '../../src/aws/actions/step-token.ts';
import { allowed, others, patterns, statements } from '../fixtures/infra/aws-actions.ts';
import { type Grant, permissions } from '../fixtures/infra/permissions.ts';
import { grantsOf, statementsOf } from './statements.ts';
import { resourcesOf, synthesize, type Template } from './synthesize.ts';

const { app: plain, template } = synthesize({ allowedActions: allowed });

test('the role may do exactly what is listed, and only the worker may be it', () => {
  expect(statementsOf(template, 'PipelineRunActionsRole')).toEqual(statements);
  const role = resourcesOf(template, 'AWS::IAM::Role').PipelineRunActionsRole;
  expect(role?.AssumeRolePolicyDocument).toMatchObject({
    Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: '<PipelineRunRunJobsRole.Arn>' } }],
  });
});

test.each(Object.entries(others))('%s has what it needs for it', (role, more) => {
  const before = permissions[role] ?? [];
  const sort = (grants: readonly Grant[]) => grants.map(grant => grant.join(' on ')).toSorted();
  expect(sort(grantsOf(template, role))).toEqual(sort([...before, ...more]));
});

test('the worker is told what is allowed', () => {
  const worker = resourcesOf(template, 'AWS::Lambda::Function').PipelineRunRunJobsFunction;
  const { taskRoles: _, ...targets } = allowed;
  expect(worker?.Environment).toMatchObject({
    Variables: {
      ACTIONS_ROLE_ARN: '<PipelineRunActionsRole.Arn>',
      ALLOWED_ACTIONS: Object.values(targets).flat().join(','),
    },
  });
});

test('ends of what was started are told, and what could not be told is kept', () => {
  const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).filter(([name]) => name in patterns);
  expect(Object.fromEntries(rules.map(([name, { EventPattern }]) => [name, EventPattern]))).toEqual(patterns);
  for (const [, { Targets }] of rules) {
    expect(Targets).toMatchObject([
      {
        Arn: '<PipelineRunActionsOnStatusLive>',
        DeadLetterConfig: { Arn: '<PipelineRunActionsDeadLetters.Arn>' },
      },
    ]);
  }
  expect(stepToken('run/job/step/1')).toMatch(/^pipecall-/);
});

test('without anything to wait for there is no function for it; without anything the role may do nothing', () => {
  const functions = (of: Template) => Object.keys(resourcesOf(of, 'AWS::Lambda::Function'));
  expect(functions(template)).toContain('PipelineRunActionsOnStatusFunction');
  const sending = synthesize({ allowedActions: { queues: allowed.queues } }).template;
  expect(functions(sending)).not.toContain('PipelineRunActionsOnStatusFunction');
  expect(resourcesOf(sending, 'AWS::IAM::Role').PipelineRunActionsRole).toBeDefined();
  const { template: nothing } = synthesize();
  expect(resourcesOf(nothing, 'AWS::IAM::Role').PipelineRunActionsRole).toBeDefined();
  expect(statementsOf(nothing, 'PipelineRunActionsRole')).toEqual([]);
});

test('what registered actions may call is in the same role, each function once', () => {
  const [registered, both] = ['registered', 'both'].map(
    name => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
  ) as [string, string]; // as: two of them
  const made = synthesize({ invokable: [registered, both], allowedActions: { functions: [both] } }).template;
  expect(statementsOf(made, 'PipelineRunActionsRole')).toEqual([
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [both, registered] },
  ]);
  // The worker lets AWS actions reach only what is listed for them.
  expect(resourcesOf(made, 'AWS::Lambda::Function').PipelineRunRunJobsFunction?.Environment).toMatchObject({
    Variables: { ALLOWED_ACTIONS: both },
  });
});

test.each([
  [{ queues: ['jobs'] }, "'jobs' is none of the queues"],
  [{ topics: [allowed.queues[0]] }, 'is none of the topics'],
  [{ clusters: allowed.clusters }, 'taskDefinitions and clusters go together'],
])('%j is refused', (wrong, says) => {
  expect(() => synthesize({ allowedActions: wrong })).toThrow(says);
});

test('targets may come from the same CDK app, and cdk-nag has nothing to say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipecall-actions-'));
  const app = new App({ outdir: folder, context: { 'aws:cdk:bundling-stacks': [] } });
  const shop = new Stack(app, 'Shop');
  const queue = new Queue(shop, 'Jobs');
  const machine = new StateMachine(shop, 'Ship', {
    definitionBody: DefinitionBody.fromChainable(new Pass(shop, 'Go')),
  });
  const stack = new PipecallStack(app, 'Pipecall', {
    allowedActions: { ...allowed, queues: [queue.queueArn], stateMachines: [machine.stateMachineArn] },
  });
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    expect(pack.validateScope(stack).violations).toEqual([]);
    expect(pack.validateScope(plain).violations).toEqual([]);
  }
  const made = app.synth().getStackArtifact(stack.artifactId).template as Template; // as: CDK types it as any
  rmSync(folder, { recursive: true });
  const policies = Object.values(made.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
  expect(JSON.stringify(policies)).toMatch(/"Fn::Join":\[":execution:",\{"Fn::Split":\[":stateMachine:"/);
});

test('the bundle of the function loads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipecall-on-status-'));
  bundle(new URL('../../functions/on-status/handler.ts', import.meta.url), [], folder);
  process.env.TABLE_NAME = 'records';
  process.env.SERVICE_NAME = 'Pipecall';
  process.env.STATE_MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:pipeline-run';
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    readonly handler: (event: unknown, context: object) => Promise<unknown>;
  };
  // Of nothing that it knows: nothing is asked of anybody.
  const context = { functionName: 'on-status', awsRequestId: 'a-request' };
  expect(await handler({ detail: {} }, context)).toBe('nobody');
  rmSync(folder, { recursive: true });
});
