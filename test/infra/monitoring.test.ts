import { readdirSync, readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { PipecallStack } from '../../infra/pipecall-stack.ts';
import { METRICS, NAMESPACE } from '../../src/ports/measure.ts';
import { alarms } from '../fixtures/infra/alarms.ts';
import { functionsOf, resourcesOf, synthesize, type Template } from './synthesize.ts';

const GUIDE = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const SOURCE = new URL('../../src/', import.meta.url);
/** With an AWS action, so that there is everything that a deployment may have. */
const { template } = synthesize({
  allowedActions: { stateMachines: ['arn:aws:states:eu-central-1:111122223333:stateMachine:theirs'] },
});

type AlarmProperties = {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData?: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Metrics?: readonly MetricOfMath[];
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
};

type MetricOfMath = {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Stat: string;
    readonly Period: number;
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: unknown };
  };
};

/** Without those that deployments are rolled back by: canaries.ts has them, and its own test. */
const alarmsOf = (of: Template): readonly AlarmProperties[] =>
  Object.entries(resourcesOf(of, 'AWS::CloudWatch::Alarm'))
    .filter(([id]) => id.startsWith('Monitoring'))
    // as: what CloudFormation knows of an alarm
    .map(([, properties]) => properties as AlarmProperties);

test('the alarms', () => {
  expect(Object.fromEntries(alarmsOf(template).map(rowOf))).toEqual(alarms);
});

function rowOf(alarm: AlarmProperties): readonly [string, string] {
  const sign = { GreaterThanThreshold: '>', LessThanThreshold: '<' }[alarm.ComparisonOperator] ?? '?';
  const when = `${sign} ${alarm.Threshold} in ${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods}`;
  const [, anchor = ''] = /Runbook: docs\/operations\.md#(\S+)$/.exec(alarm.AlarmDescription) ?? [];
  return [alarm.AlarmName, `${metricOf(alarm)} ${when}, no data: ${alarm.TreatMissingData}, ${anchor}`];
}

function metricOf({
  Namespace,
  MetricName,
  Statistic,
  Period,
  Dimensions = [],
  Metrics = [],
}: AlarmProperties): string {
  if (MetricName !== undefined) {
    const dimensions = Dimensions.map(({ Value }) => Value).join(' ');
    return `${Namespace} ${MetricName} of ${dimensions}, ${Statistic} of ${Period} s`;
  }
  const expression = Metrics.find(one => one.Expression !== undefined)?.Expression;
  const stats = new Set(
    Metrics.flatMap(({ MetricStat: one }) =>
      one === undefined ? [] : [`${one.Metric.Namespace} ${one.Metric.MetricName} ${one.Stat} of ${one.Period} s`],
    ),
  );
  return `${expression} with ${[...stats].join(', ')}`;
}

test('every alarm says what no data means, and has a runbook that there is', () => {
  for (const { AlarmName, AlarmDescription, TreatMissingData } of alarmsOf(template)) {
    expect(TreatMissingData, AlarmName).toMatch(/^(notBreaching|breaching)$/);
    expect(anchors(GUIDE), AlarmName).toContain(AlarmDescription.split('#').at(-1));
  }
});

test('every runbook is of an alarm', () => {
  const named = new Set(alarmsOf(template).map(({ AlarmDescription }) => AlarmDescription.split('#').at(-1)));
  expect(anchors(GUIDE).filter(anchor => anchor.startsWith('alarm-') && !named.has(anchor))).toEqual([]);
});

/** As the forges make them of headings. */
const anchors = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );

test('every function and every dead-letter queue has its alarms', () => {
  const watched = JSON.stringify(alarmsOf(template));
  for (const id of Object.keys(functionsOf(template))) {
    expect(alarmsOf(template).filter(one => JSON.stringify(one.Dimensions ?? []).includes(`<${id}>`))).toHaveLength(
      id === 'ReconciliationReconcileFunction' ? 3 : 2,
    );
  }
  for (const id of Object.keys(resourcesOf(template, 'AWS::SQS::Queue')))
    expect(watched).toContain(`<${id}.QueueName>`);
});

test('every rule is counted: by the name of its bus too, where that is not the default one', () => {
  const { Metrics = [] } = alarmsOf(template).find(one => one.AlarmName === 'Pipecall-rules-lost') ?? {};
  const counted = Metrics.flatMap(one => (one.MetricStat === undefined ? [] : [one.MetricStat.Metric.Dimensions]));
  const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).map(([id, { EventBusName }]) => {
    const name = { 'Fn::Select': [EventBusName === undefined ? 1 : 2, { 'Fn::Split': ['/', `<${id}.Arn>`] }] };
    const bus = EventBusName === undefined ? [] : [{ Name: 'EventBusName', Value: EventBusName }];
    return [...bus, { Name: 'RuleName', Value: name }];
  });
  expect(rules.length).toBeGreaterThan(2);
  expect(counted).toHaveLength(rules.length);
  expect(counted).toEqual(expect.arrayContaining(rules));
});

test('every metric of ours that an alarm or the dashboard names is one that the code measures', () => {
  const named = [...JSON.stringify(template).matchAll(/Pipecall\\*",\\*"(\w+)\\*",\\*"service/g)].map(
    ([, name]) => name,
  );
  const alarming = alarmsOf(template).flatMap(one => (one.Namespace === NAMESPACE ? [one.MetricName] : []));
  const searched = [...JSON.stringify(template).matchAll(/MetricName=[\\"]+(\w+)/g)].map(([, name]) => name);
  expect(alarming).toEqual(['StuckRunAge']);
  expect(new Set([...named, ...alarming, ...searched])).toEqual(new Set(Object.keys(METRICS)));
});

test('every metric is measured somewhere', () => {
  const source = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(new URL(file, SOURCE), 'utf8'))
    .join('\n');
  const measured = [...source.matchAll(/\{ metric: '(\w+)',/g)].map(([, name]) => name);
  expect([...new Set(measured)].toSorted()).toEqual(Object.keys(METRICS).toSorted());
});

test('the guide names every metric with what it means', () => {
  for (const [name, row] of Object.entries(METRICS)) {
    const dimension = 'dimension' in row ? `\`${row.dimension}\`` : '';
    expect(GUIDE).toContain(`| \`${name}\` | ${row.unit} | ${dimension} | ${row.meaning} |`);
  }
});

test('whoever is to be told is told, of the end too; runbooks are where the team says', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const alarmsTopic = new Topic(new Stack(app, 'Theirs'), 'Alarms');
  const stack = new PipecallStack(app, 'Pipecall', { alarmsTopic, runbooks: 'https://wiki.example.com/pipecall' });
  const found = alarmsOf(Assertions.fromStack(stack).toJSON() as Template); // as: CDK types it as any
  for (const { AlarmActions = [], OKActions, AlarmDescription } of found) {
    expect(AlarmActions).toHaveLength(1);
    expect(OKActions).toEqual(AlarmActions);
    expect(AlarmDescription).toMatch(/ Runbook: https:\/\/wiki\.example\.com\/pipecall#alarm-[a-z0-9-]+$/);
  }
  expect(found.length).toBeGreaterThan(10);
});

test('one dashboard', () => {
  const [dashboard, ...more] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  expect(more).toEqual([]);
  expect(dashboard?.DashboardName).toBe('Pipecall-<AWS::Region>');
  const titles = [...JSON.stringify(dashboard?.DashboardBody).matchAll(/\\*"title\\*":\\*"([^"\\]+)/g)].map(
    ([, title]) => title,
  );
  expect(titles).toMatchInlineSnapshot(`
    [
      "Alarms",
      "Runs started and ended",
      "Step failures by code",
      "Open runs, approvals that wait",
      "Seconds until a run begins",
      "Seconds that runs take, and by which the worst is overdue",
      "Refused starts by code, webhooks by outcome",
      "Requests, 4xx and 5xx",
      "Milliseconds that the gateway takes",
      "Milliseconds that functions take (p50, p99)",
      "Errors and throttles of functions",
      "Executions that ended badly",
      "Dead letters",
      "Capacity that the table uses",
      "Requests that the table refuses",
      "Milliseconds that the table takes (p99)",
      "GB-seconds of functions (duration x memory)",
      "Executions started, invocations",
      "Bytes that logs take in",
    ]
  `);
});
