import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { Pipecall } from '../../infra/pipecall.ts';
import { secondApp } from '../fixtures/infra/second-app.ts';
import { grantsOf, statementsOf } from './statements.ts';
import { functionsOf, resourcesOf, type Template } from './synthesize.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipecall-second-app-'));
const { app, shop } = secondApp(folder);
const template = app.synth().getStackArtifact(shop.artifactId).template as Template; // as: CDK types it as any
rmSync(folder, { recursive: true });
const functions = resourcesOf(template, 'AWS::Lambda::Function');
const ours = Object.values(functionsOf(template));

test('cdk-nag has nothing to say to the stack of another team', () => {
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    expect(pack.validateScope(shop).violations, pack.name).toEqual([]);
  }
});

test('nothing in it waits for itself', () => {
  expect(() => Assertions.fromJSON({ ...template })).not.toThrow();
});

test('two of them in one stack have names of their own', () => {
  const names = (type: string, property: string) =>
    Object.values(resourcesOf(template, type)).map(properties => properties[property]);
  expect(names('AWS::StepFunctions::StateMachine', 'StateMachineName')).toEqual([
    'Shop-Pipelines-pipeline-run',
    'Shop-Trial-pipeline-run',
  ]);
  expect(names('AWS::Events::EventBus', 'Name')).toEqual(['Shop-Pipelines-events', 'Shop-Trial-events']);
  expect(names('AWS::ApiGatewayV2::Api', 'Name')).toEqual(['Shop-Pipelines', 'Shop-Trial']);
  const told = ours.map(({ Environment }) => JSON.stringify(Environment));
  expect(told.filter(text => text.includes('"SERVICE_NAME":"Shop-Pipelines"'))).toHaveLength(told.length / 2);
});

test('a stack whose name CloudFormation makes asks for a name', () => {
  const nested = () =>
    new NestedStack(new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Shop'), 'In');
  expect(() => new Pipecall(nested(), 'Pipelines')).toThrow('give one of letters, digits and hyphens as "name"');
  expect(() => new Pipecall(nested(), 'Pipelines', { name: 'shop-pipelines' })).not.toThrow();
});

test('the domain is the only door', () => {
  expect(resourcesOf(template, 'AWS::ApiGatewayV2::Api').PipelinesGatewayApi).toMatchObject({
    DisableExecuteApiEndpoint: true,
  });
  expect(resourcesOf(template, 'AWS::ApiGatewayV2::DomainName')).toMatchObject({
    PipelinesGatewayDomain: {
      DomainName: 'pipelines.example.com',
      DomainNameConfigurations: [{ EndpointType: 'REGIONAL', CertificateArn: expect.anything() }],
    },
  });
  expect(Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::ApiMapping'))).toMatchObject([
    { ApiId: '<PipelinesGatewayApi>', DomainName: '<PipelinesGatewayDomain>' },
  ]);
  expect(shop.pipecall.gateway.url).toBe('https://pipelines.example.com');
  expect(functions.PipelinesPipelineRunRunJobsFunction?.Environment).toMatchObject({
    Variables: { PUBLIC_URL: 'https://pipelines.example.com', LOG_LEVEL: 'debug', RETENTION_DAYS: '30' },
  });
  expect(resourcesOf(template, 'AWS::ApiGatewayV2::Api').TrialGatewayApi).toMatchObject({
    DisableExecuteApiEndpoint: false,
  });
});

test('two web UIs share the function that puts their files there, with the rights for both', () => {
  expect(Object.keys(functions).length - ours.length).toBe(1);
  const puts = grantsOf(template, 'PipecallWebFilesRole').filter(([actions]) => actions.includes('s3:PutObject'));
  expect(puts.map(([, resources]) => resources)).toEqual([
    '<PipelinesWebSiteBucket.Arn>/ui/*',
    '<TrialWebSiteBucket.Arn>/ui/*',
  ]);
  const copies = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'Custom::CDKBucketDeployment');
  expect(copies).toHaveLength(4);
  for (const [name, resource] of copies) {
    const { DependsOn = [] } = resource as { readonly DependsOn?: readonly string[] }; // as: what CloudFormation knows
    const [owner = ''] = /^(?:Pipelines|Trial)/.exec(name) ?? [];
    expect(DependsOn, name).toContainEqual(expect.stringMatching(`^${owner}WebSiteFilesPolicy`));
  }
});

test('what CloudFront knows by a name has one for each web UI of the account, in every region', () => {
  const named = [
    'AWS::CloudFront::ResponseHeadersPolicy',
    'AWS::CloudFront::OriginAccessControl',
    'AWS::CloudFront::Function',
  ];
  for (const type of named) {
    const names = Object.values(resourcesOf(template, type)).map(
      properties => /<AWS::Region>[\w-]+/.exec(JSON.stringify(properties))?.[0],
    );
    expect(new Set(names).size, type).toBe(2);
    expect(names, type).not.toContain(undefined);
  }
});

test('what calls out stands in the network of the team, and its code may not touch it', () => {
  const inside = Object.entries(functions).filter(([, { VpcConfig }]) => VpcConfig !== undefined);
  expect(inside.map(([name]) => name)).toEqual(CALLING_OUT.map(name => `Pipelines${name}Function`));
  for (const [, { VpcConfig }] of inside) {
    expect(VpcConfig).toMatchObject({
      SecurityGroupIds: ['<Out.GroupId>'],
      SubnetIds: [expect.anything(), expect.anything()],
    });
  }
  for (const name of CALLING_OUT) {
    const role = `Pipelines${name}Role`;
    expect(grantsOf(template, role)).toContainEqual([INTERFACES.join(' '), '*']);
    expect(statementsOf(template, role).filter(({ Effect }) => Effect === 'Deny')).toContainEqual({
      Effect: 'Deny',
      Action: [...INTERFACES, 'ec2:DetachNetworkInterface'],
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': `<Pipelines${name}Function.Arn>` } },
    });
  }
});

test('the numbers of the team', () => {
  expect(resourcesOf(template, 'AWS::ApiGatewayV2::Stage').PipelinesGatewayStage).toMatchObject({
    DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    RouteSettings: {
      'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
    },
  });
  const reserved = Object.entries(functions).map(([name, { ReservedConcurrentExecutions }]) => [
    name,
    ReservedConcurrentExecutions,
  ]);
  expect(reserved.filter(([, some]) => some !== undefined)).toEqual([
    ['PipelinesPipelineRunRunJobsFunction', 100],
    ['PipelinesApiFunction', 50],
  ]);
});

test('what holds data goes or stays as the team says', () => {
  const kinds = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret'];
  const policies = (prefix: string) =>
    Object.entries(template.Resources)
      .filter(([name, { Type }]) => name.startsWith(prefix) && kinds.includes(Type))
      .map(([, { DeletionPolicy }]) => DeletionPolicy);
  expect(new Set(policies('Pipelines'))).toEqual(new Set(['Delete']));
  expect(new Set(policies('Trial'))).toEqual(new Set(['Retain']));
  const groups = Object.entries(resourcesOf(template, 'AWS::Logs::LogGroup')).filter(([name]) =>
    name.startsWith('Pipelines'),
  );
  expect(new Set(groups.map(([, { RetentionInDays }]) => RetentionInDays))).toEqual(new Set([7]));
});

test('a table that is there already takes the place of one of its own, with the same rights', () => {
  expect(Object.keys(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'))).toEqual(['PipelinesRecordsTable']);
  expect(functions.TrialApiFunction?.Environment).toMatchObject({ Variables: { TABLE_NAME: 'records-of-monday' } });
  const arn = 'arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/records-of-monday';
  const asOwn = grantsOf(template, 'PipelinesApiRole').map(([actions, resources]) => [
    actions,
    resources.replaceAll('<PipelinesRecordsTable.Arn>', arn).replaceAll('Pipelines', 'Trial'),
  ]);
  expect(grantsOf(template, 'TrialApiRole')).toEqual(asOwn);
  expect(statementsOf(template, 'TrialApiRole').filter(({ Effect }) => Effect === 'Deny')).toMatchObject([
    { Resource: arn },
  ]);
});

test('who is on call is told of deployments that were taken back; without canaries there are none', () => {
  const alarms = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(([name]) =>
    name.includes('Canaries'),
  );
  expect(alarms.length).toBeGreaterThan(0);
  for (const [name, { AlarmActions }] of alarms) {
    expect(name).toMatch(/^Pipelines/);
    expect(AlarmActions).toEqual([expect.anything()]);
  }
  const groups = Object.keys(resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup'));
  expect(groups.filter(name => name.startsWith('Trial'))).toEqual([]);
  const policies = Object.entries(template.Resources).filter(([, resource]) => 'UpdatePolicy' in resource);
  expect(policies.map(([name]) => name).filter(name => name.startsWith('Trial'))).toEqual([]);
});

const CALLING_OUT = ['PipelineRunRunJobs', 'WebhooksDeliver'];

const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
