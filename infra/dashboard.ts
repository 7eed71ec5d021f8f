import {
  type Alarm,
  AlarmStatusWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Monitored } from './monitored.ts';
import { ownMetrics, PERIOD } from './own-metrics.ts';
import type { PipecallFunction } from './pipecall-function.ts';
import { sumOverOperations, tableMetric } from './table-metrics.ts';

const SUM = { statistic: 'Sum', period: PERIOD };

/** From what callers notice, by what happens to runs, down to what it costs. Twenty-four columns a row. */
export function widgetsOf(monitored: Monitored, alarms: readonly Alarm[]): readonly (readonly IWidget[])[] {
  return [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
    ofRuns(monitored),
    ofWaits(monitored),
    ofApi(monitored),
    ofPlatform(monitored),
    ofTable(monitored),
    ofCost(monitored),
  ];
}

const graph = (title: string, left: readonly IMetric[], right: readonly IMetric[] = []): IWidget =>
  new GraphWidget({
    title,
    left: [...left],
    right: [...right],
    width: 8,
    height: 6,
    leftYAxis: { min: 0 },
    period: PERIOD,
  });

function ofRuns({ name }: Monitored): readonly IWidget[] {
  const own = ownMetrics(name);
  const ended = ['succeeded', 'failed', 'cancelled'].map(of =>
    own.metric('RunsEnded', { statistic: 'Sum', of, label: of }),
  );
  return [
    graph('Runs started and ended', [own.metric('RunsStarted', { statistic: 'Sum', label: 'started' }), ...ended]),
    graph('Step failures by code', [own.byDimension('StepFailures', 'Sum')]),
    graph('Open runs, approvals that wait', [
      own.metric('OpenRuns', { statistic: 'Maximum', label: 'open runs' }),
      own.metric('ApprovalsWaiting', { statistic: 'Maximum', label: 'approvals' }),
    ]),
  ];
}

function ofWaits({ name }: Monitored): readonly IWidget[] {
  const own = ownMetrics(name);
  const wait = (of: string, statistic: string) =>
    own.metric('QueueWait', { statistic, of, label: `${of} ${statistic}` });
  return [
    graph('Seconds until a run begins', [
      wait('start', 'p50'),
      wait('start', 'p99'),
      wait('group', 'p50'),
      wait('group', 'p99'),
    ]),
    graph(
      'Seconds that runs take, and by which the worst is overdue',
      [
        own.metric('RunDuration', { statistic: 'p50', label: 'p50' }),
        own.metric('RunDuration', { statistic: 'p99', label: 'p99' }),
      ],
      [own.metric('StuckRunAge', { statistic: 'Maximum', label: 'most overdue' })],
    ),
    graph('Refused starts by code, webhooks by outcome', [
      own.byDimension('RefusedStarts', 'Sum'),
      own.byDimension('WebhookDeliveries', 'Sum'),
    ]),
  ];
}

function ofApi({ gateway, functions }: Monitored): readonly IWidget[] {
  const { stage } = gateway;
  return [
    graph('Requests, 4xx and 5xx', [
      stage.metricCount({ ...SUM, label: 'requests' }),
      stage.metricClientError({ ...SUM, label: '4xx' }),
      stage.metricServerError({ ...SUM, label: '5xx' }),
    ]),
    graph('Milliseconds that the gateway takes', [
      stage.metricLatency({ statistic: 'p50', period: PERIOD, label: 'p50' }),
      stage.metricLatency({ statistic: 'p99', period: PERIOD, label: 'p99' }),
    ]),
    graph(
      'Milliseconds that functions take (p50, p99)',
      each(functions, (one, name) =>
        ['p50', 'p99'].map(statistic =>
          one.metricDuration({ statistic, period: PERIOD, label: `${name} ${statistic}` }),
        ),
      ),
    ),
  ];
}

function ofPlatform({ functions, machine, deadLetterQueues }: Monitored): readonly IWidget[] {
  return [
    graph(
      'Errors and throttles of functions',
      each(functions, (one, name) => [one.metricErrors({ ...SUM, label: name })]),
      each(functions, (one, name) => [one.metricThrottles({ ...SUM, label: `${name} throttled` })]),
    ),
    graph('Executions that ended badly', [
      machine.metricFailed({ ...SUM, label: 'failed' }),
      machine.metricTimedOut({ ...SUM, label: 'timed out' }),
      machine.metricAborted({ ...SUM, label: 'aborted' }),
      machine.metricThrottled({ ...SUM, label: 'throttled' }),
    ]),
    graph(
      'Dead letters',
      Object.entries(deadLetterQueues).map(([label, queue]) =>
        queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD, label }),
      ),
    ),
  ];
}

function ofTable({ table }: Monitored): readonly IWidget[] {
  return [
    graph(
      'Capacity that the table uses',
      [tableMetric(table, 'ConsumedReadCapacityUnits', { statistic: 'Sum', label: 'read units' })],
      [tableMetric(table, 'ConsumedWriteCapacityUnits', { statistic: 'Sum', label: 'write units' })],
    ),
    graph('Requests that the table refuses', [
      sumOverOperations(table, 'ThrottledRequests', 'throttled'),
      sumOverOperations(table, 'SystemErrors', 'errors of DynamoDB'),
    ]),
    graph(
      'Milliseconds that the table takes (p99)',
      (['GetItem', 'Query', 'PutItem', 'UpdateItem'] as const).map(operation =>
        tableMetric(table, 'SuccessfulRequestLatency', { operation, statistic: 'p99', label: operation }),
      ),
    ),
  ];
}

/** What the bill is made of, in the units that it counts. */
function ofCost({ functions, machine, gateway }: Monitored): readonly IWidget[] {
  const groups = [
    ...Object.entries(functions).map(([label, { logGroup }]) => ({ label, logGroup })),
    { label: 'access log', logGroup: gateway.accessLog },
  ];
  return [
    graph(
      'GB-seconds of functions (duration x memory)',
      each(functions, (one, name) => [
        new MathExpression({
          expression: `${name} / 1000 * ${memoryOf(one) / 1_024}`,
          usingMetrics: { [name]: one.metricDuration(SUM) },
          label: name,
          period: PERIOD,
        }),
      ]),
    ),
    graph('Executions started, invocations', [
      machine.metricStarted({ ...SUM, label: 'executions' }),
      ...each(functions, (one, name) => [one.metricInvocations({ ...SUM, label: name })]),
    ]),
    graph(
      'Bytes that logs take in',
      groups.map(
        ({ label, logGroup }) =>
          new Metric({
            namespace: 'AWS/Logs',
            metricName: 'IncomingBytes',
            dimensionsMap: { LogGroupName: logGroup.logGroupName },
            label,
            ...SUM,
          }),
      ),
    ),
  ];
}

/** MiB, as the template has it. */
function memoryOf(one: PipecallFunction['function']): number {
  const { defaultChild } = one.node;
  return (defaultChild instanceof CfnFunction ? defaultChild.memorySize : undefined) ?? 128;
}

type Functions = Monitored['functions'];

const each = (
  functions: Functions,
  metrics: (one: PipecallFunction['function'], name: string) => readonly IMetric[],
): readonly IMetric[] => Object.entries(functions).flatMap(([name, { function: one }]) => metrics(one, name));
