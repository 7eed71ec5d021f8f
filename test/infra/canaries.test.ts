import { expect, test } from 'vitest';
import { TRIED } from '../fixtures/infra/permissions.ts';
import { functionsOf, type Properties, readable, resourcesOf, synthesize } from './synthesize.ts';

const { template } = synthesize();
const aliases = resourcesOf(template, 'AWS::Lambda::Alias');
const groups = resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup');
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');

test('every function has the alias that everybody invokes, and keeps the versions before', () => {
  const functions = Object.keys(functionsOf(template));
  expect(Object.values(aliases).map(({ FunctionName }) => FunctionName)).toEqual(functions.map(name => `<${name}>`));
  for (const alias of Object.values(aliases)) expect(alias.Name).toBe('live');
  const versions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Version');
  expect(versions).toHaveLength(functions.length);
  for (const { DeletionPolicy } of versions) expect(DeletionPolicy).toBe('RetainExceptOnCreate');
});

test('a new version comes little by little, and goes when it fails', () => {
  const found = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Alias')
    .flatMap(resource => {
      const { UpdatePolicy, Properties } = readable(resource) as {
        readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate: { readonly DeploymentGroupName: string } };
        readonly Properties: { readonly FunctionName: string };
      };
      const group = UpdatePolicy?.CodeDeployLambdaAliasUpdate.DeploymentGroupName;
      return group === undefined ? [] : [[Properties.FunctionName.slice(1, -1), groups[group.slice(1, -1)]] as const];
    });
  expect(found.map(([name]) => name).toSorted()).toEqual(TRIED);
  expect(new Set(found.map(([, group]) => group)).size).toBe(Object.keys(groups).length);
  for (const [name, group] of found) {
    expect(group, name).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
      ServiceRoleArn: '<CanariesRole.Arn>',
    });
    const newest = [
      { Name: 'ExecutedVersion', Value: `<${name}CurrentVersion.Version>` },
      { Name: 'FunctionName', Value: `<${name}>` },
      { Name: 'Resource', Value: `<${name}>:live` },
    ];
    const errors = { bad: ['Errors', newest], all: ['Invocations', newest] };
    const api = [{ Name: 'ApiId', Value: '<GatewayApi>' }];
    const answers = { bad: ['5xx', api], all: ['Count', api] };
    expect(alarmsOf(group).map(seriesOf)).toEqual(name === 'ApiFunction' ? [errors, answers] : [errors]);
  }
});

test('the alarms that take a deployment back: some errors, and not of thousands', () => {
  const ours = Object.entries(alarms).filter(([name]) => name.startsWith('Canaries'));
  expect(ours).toHaveLength(TRIED.length + 1);
  for (const [name, alarm] of ours) {
    expect(alarm, name).toMatchObject({
      EvaluationPeriods: 1,
      // A tenth of the answers of the API are those of the version that is tried.
      Threshold: name.includes('BadAnswers') ? 2 : 5,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringContaining('docs/operations.md, "Roll back"'),
    });
    const [returned, ...series] = metricsOf(alarm);
    expect(returned, name).toMatchObject({ Expression: 'IF(bad >= 3, 100 * bad / all, 0)' });
    // As long as the canary: what is rare is counted over all of it.
    for (const { MetricStat } of series) expect(MetricStat).toMatchObject({ Stat: 'Sum', Period: 300 });
  }
});

test('a correction that cannot wait is in use at once', () => {
  const { template: at } = synthesize({ canary: false });
  expect(Object.keys(resourcesOf(at, 'AWS::Lambda::Alias'))).toEqual(Object.keys(aliases));
  for (const type of ['AWS::CodeDeploy::DeploymentGroup', 'AWS::CodeDeploy::Application']) {
    expect(resourcesOf(at, type)).toEqual({});
  }
  expect(Object.values(at.Resources).filter(resource => 'UpdatePolicy' in resource)).toEqual([]);
});

type MetricOfAlarm = {
  readonly Id: string;
  readonly MetricStat?: { readonly Metric: { readonly MetricName: string; readonly Dimensions: unknown } };
};

// as: what CloudFormation knows of an alarm
const metricsOf = (alarm: Properties) => (alarm as { readonly Metrics: readonly MetricOfAlarm[] }).Metrics;

const seriesOf = (alarm: Properties) =>
  Object.fromEntries(
    metricsOf(alarm).flatMap(({ Id, MetricStat }) =>
      MetricStat === undefined ? [] : [[Id, [MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions]]],
    ),
  );

function alarmsOf(group: Properties = {}): readonly Properties[] {
  // as: what CloudFormation knows of a deployment group
  const { Alarms } = group.AlarmConfiguration as { readonly Alarms: readonly { readonly Name: string }[] };
  return Alarms.map(({ Name }) => alarms[Name.slice(1, -1)] ?? {});
}
