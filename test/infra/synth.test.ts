import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Template as Assertions, Capture, Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { createTableDefinition } from '../../src/aws/table-definition.ts';
import { MAX_MINUTES } from '../../src/language/keys/timeout-minutes.ts';
import { TIMES } from '../../src/run/times.ts';
import { functions } from '../fixtures/infra/functions.ts';
import { functionsOf, readable, resourcesOf, synthesize, type Template } from './synthesize.ts';

const { app, template } = synthesize();
const assertions = Assertions.fromJSON({ ...template });
const DEFINITION = readFileSync(new URL('../../infra/pipeline-run.asl.json', import.meta.url), 'utf8');
const MACHINE = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:Pipecall-pipeline-run';

test('the gateway has the routes of the route table, and $default', () => {
  const found = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route'));
  const expected = Object.values(routes).map(({ method, path }) => `${method} ${path}`);
  expect(found.map(route => route.RouteKey).toSorted()).toEqual([...expected, '$default'].toSorted());
  const integrations = resourcesOf(template, 'AWS::ApiGatewayV2::Integration');
  expect(Object.values(integrations)).toMatchObject([
    { IntegrationType: 'AWS_PROXY', IntegrationUri: '<ApiLive>', PayloadFormatVersion: '2.0' },
  ]);
  const [integration = ''] = Object.keys(integrations);
  for (const route of found) expect(route.Target).toBe(`integrations/<${integration}>`);
});

test('the stage throttles, and its access log holds nothing that a caller wrote', () => {
  const format = new Capture();
  assertions.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 },
    AccessLogSettings: { Format: format, DestinationArn: Match.anyValue() },
  });
  const line = JSON.parse(format.asString()) as Readonly<Record<string, string>>;
  expect(line).toMatchObject({
    requestId: '$context.requestId',
    route: '$context.routeKey',
    status: '$context.status',
  });
  for (const variable of Object.values(line)) expect(variable).not.toMatch(/path|query|header|authorizer|userAgent/i);
});

test('routes that start runs let less through, and are there before the stage says so', () => {
  const [stage] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  const starting = Object.values(routes)
    .filter(
      ({ method, permission }) => method === 'POST' && /^(runs\.(start|restart)|artefacts\.push)$/.test(permission),
    )
    .map(({ method, path }) => `${method} ${path}`);
  expect(starting).toContain('POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs');
  const limits = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
  expect(stage?.Properties.RouteSettings).toEqual(Object.fromEntries(starting.map(key => [key, limits])));
  const { DependsOn = [] } = stage as { readonly DependsOn?: readonly string[] }; // as: what CloudFormation knows of it
  const waitsFor = DependsOn.map(id => template.Resources[id]?.Properties.RouteKey);
  expect(waitsFor.toSorted()).toEqual(starting.toSorted());
});

test('the functions', () => {
  const found = Object.entries(functionsOf(template)).map(([name, properties]) => {
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    const { MemorySize, Timeout, Environment, LoggingConfig } = properties as {
      readonly MemorySize: number;
      readonly Timeout: number;
      readonly Environment: { readonly Variables: object };
      readonly LoggingConfig: { readonly LogGroup: string };
    };
    const variables = Object.keys(Environment.Variables).toSorted();
    return [name, { MemorySize, Timeout, variables, logGroup: LoggingConfig.LogGroup }];
  });
  expect(Object.fromEntries(found)).toEqual(functions);
});

test('the state machine waits longer for RunJobs than Lambda does', () => {
  const { States } = JSON.parse(DEFINITION) as { States: { RunJobs: { TimeoutSeconds: number } } };
  expect(States.RunJobs.TimeoutSeconds).toBeGreaterThan(functions.PipelineRunRunJobsFunction.Timeout);
});

test('an execution is given up on only when no run can be at work any more', () => {
  const { TimeoutSeconds } = JSON.parse(DEFINITION) as { TimeoutSeconds: number };
  const longest = MAX_MINUTES * 60 + TIMES.cleanup / 1_000;
  // What RunJobs is tried again for before a run begins, and its last invocation.
  expect(TimeoutSeconds).toBeGreaterThan(longest + 2 * 3_600);
  expect(TimeoutSeconds).toBeLessThanOrEqual(longest + 86_400);
});

test('what the functions are told', () => {
  const told = synthesize({ retentionDays: 30, allowEgress: ['10.0.0.0/8', 'fd00::/8'] }).template;
  const variables = (name: keyof typeof functions) => resourcesOf(told, 'AWS::Lambda::Function')[name]?.Environment;
  expect(variables('PipelineRunRunJobsFunction')).toEqual({
    Variables: {
      TABLE_NAME: '<RecordsTable>',
      STATE_MACHINE_ARN: MACHINE,
      RETENTION_DAYS: '30',
      PUBLIC_URL: '<GatewayApi.ApiEndpoint>',
      ALLOW_EGRESS: '10.0.0.0/8,fd00::/8',
      EVENT_BUS_NAME: '<EventsBus>',
      ACTIONS_ROLE_ARN: '<PipelineRunActionsRole.Arn>',
      ALLOWED_ACTIONS: '',
      SECRETS_KEY_ID: '<SecretsKey>',
      SERVICE_NAME: 'Pipecall',
      LOG_LEVEL: 'info',
    },
  });
  expect(variables('ApiFunction')).toEqual({
    Variables: {
      TABLE_NAME: '<RecordsTable>',
      STATE_MACHINE_ARN: MACHINE,
      RETENTION_DAYS: '30',
      SECRETS_KEY_ID: '<SecretsKey>',
      SERVICE_NAME: 'Pipecall',
      LOG_LEVEL: 'info',
      EVENT_BUS_NAME: '<EventsBus>',
      SERVER_SECRET: '{{resolve:secretsmanager:<ServerSecret>:SecretString:::}}',
    },
  });
  assertions.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 },
  });
});

test('the state machine is the file, with the functions of the stack', () => {
  const [machine] = Object.values(resourcesOf(template, 'AWS::StepFunctions::StateMachine'));
  expect(machine).toMatchObject({
    StateMachineName: 'Pipecall-pipeline-run',
    StateMachineType: 'STANDARD',
    DefinitionString: DEFINITION,
    RoleArn: '<PipelineRunMachineRole.Arn>',
    LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
  });
  expect(machine?.DefinitionSubstitutions).toEqual({
    RunJobsArn: '<PipelineRunRunJobsLive>',
    ParkRunArn: '<PipelineRunParkRunLive>',
  });
  const placeholders = [...DEFINITION.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect(placeholders).toEqual(['RunJobsArn', 'ParkRunArn']);
});

test('reconcile is called every five minutes and when an execution ends badly, and what it cannot take is kept', () => {
  const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule'))
    .filter(([name]) => name.startsWith('Reconciliation'))
    .map(([, rule]) => rule);
  expect(rules).toMatchObject([
    { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' },
    {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [MACHINE], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
    },
  ]);
  const deadLetters = '<ReconciliationDeadLetters.Arn>';
  for (const { Targets } of rules) {
    expect(Targets).toMatchObject([{ Arn: '<ReconciliationReconcileLive>', DeadLetterConfig: { Arn: deadLetters } }]);
  }
  const invocations = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
  expect(invocations.filter(({ FunctionName }) => FunctionName === '<ReconciliationReconcileFunction>')).toMatchObject([
    { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: deadLetters } } },
  ]);
  assertions.hasResourceProperties('AWS::SQS::Queue', {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
  });
});

test('the table is the one that the adapters know', () => {
  const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = createTableDefinition('any');
  const [table] = Object.values(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));
  expect(table).toMatchObject({
    BillingMode,
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes,
    TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [
      {
        Region: '<AWS::Region>',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ],
  });
  expect(GlobalSecondaryIndexes?.map(index => index.Projection?.ProjectionType)).toEqual(['KEYS_ONLY', 'KEYS_ONLY']);
});

test('the table outlives the stack, unless it is told otherwise', () => {
  const tableOf = ({ Resources }: Template) =>
    Object.values(Resources).find(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable');
  expect(tableOf(template)?.DeletionPolicy).toBe('Retain');
  const removable = tableOf(synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template);
  expect(removable?.DeletionPolicy).toBe('Delete');
  expect(removable?.Properties).toMatchObject({ Replicas: [{ DeletionProtectionEnabled: false }] });
});

test('the key of the secrets rotates, and outlives the stack as the table does', () => {
  const keyOf = ({ Resources }: Template) => Object.values(Resources).find(({ Type }) => Type === 'AWS::KMS::Key');
  expect(keyOf(template)).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  expect(keyOf(synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template)?.DeletionPolicy).toBe('Delete');
});

test('every log group forgets', () => {
  const retentions = (of: Template) =>
    Object.values(resourcesOf(of, 'AWS::Logs::LogGroup')).map(group => group.RetentionInDays);
  expect(retentions(template)).toEqual([30, 30, 30, 30, 30, 30, 30, 30, 30]);
  expect(new Set(retentions(synthesize({ logRetention: RetentionDays.ONE_WEEK }).template))).toEqual(new Set([7]));
});

test('logs that AWS delivers by itself go where the one policy for them has room, and are in the way of no other stack', () => {
  const groups = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
  // All others have names that CloudFormation makes: the functions write to them with rights of their own.
  const named = groups.flatMap(({ Properties: { LogGroupName } }) =>
    LogGroupName === undefined ? [] : [LogGroupName],
  );
  const ours = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
  expect(named).toEqual(
    ['apis', 'states'].map(kind => ({ 'Fn::Join': ['', [`/aws/vendedlogs/${kind}/Pipecall-`, ours]] })),
  );
});

test('the outputs', () => {
  assertions.hasOutput('ApiUrl', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^GatewayApi'), 'ApiEndpoint'] } });
  assertions.hasOutput('TableName', { Value: { Ref: Match.stringLikeRegexp('^RecordsTable') } });
  assertions.hasOutput('StateMachineArn', {});
  expect(Object.keys(template.Outputs).toSorted()).toEqual([
    'ApiUrl',
    'EventBusName',
    'ServerSecretArn',
    'StateMachineArn',
    'TableName',
    'WebUrl',
  ]);
  expect(readable(template.Outputs.WebUrl?.Value)).toBe('https://<WebSiteDistribution.DomainName>');
});

test('without a web UI nothing of it is there, and nothing else changes', () => {
  const none = synthesize({ webSite: false }).template;
  const left = Object.keys(template.Resources).filter(name => !(name in none.Resources));
  expect(left.length).toBeGreaterThan(10);
  for (const name of left) expect(name).toMatch(/^(?:WebSite|PipecallWebFiles|CustomCDKBucketDeployment)/);
  for (const [name, resource] of Object.entries(none.Resources)) {
    expect(resource, name).toEqual(template.Resources[name]);
  }
  expect(Object.keys(none.Outputs)).not.toContain('WebUrl');
});

test('cdk-nag finds nothing that is not on purpose', () => {
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    expect(pack.validateScope(app).violations, pack.name).toEqual([]);
  }
});
