import { Duration, Fn } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule, type Rule } from 'aws-cdk-lib/aws-events';
import type { DeadLetters } from './dead-letters.ts';
import type { Monitored } from './monitored.ts';
import { ownMetrics, PERIOD } from './own-metrics.ts';
import type { PipecallFunction } from './pipecall-function.ts';
import { sumOverOperations } from './table-metrics.ts';

/** Sections of docs/operations.md, each under the heading `Alarm: …`. */
export type Runbook =
  | 'dead-letters'
  | 'stuck-runs'
  | 'reconcile-is-silent'
  | 'api-answers-5xx'
  | 'function-errors'
  | 'function-throttles'
  | 'table'
  | 'state-machine'
  | 'events-not-delivered';

export type AlarmRow = {
  /** Behind the name of the deployment. */
  readonly name: string;
  readonly runbook: Runbook;
  readonly means: string;
  readonly metric: IMetric;
  /** Alarm when the metric is above it; `below`: when it is below. */
  readonly threshold: number;
  readonly below?: true;
  /** So many of the last so many periods. Default: one of one. */
  readonly periods?: { readonly bad: number; readonly of: number };
  /** What a period without data means. */
  readonly missing: TreatMissingData;
};

/** Most of these metrics are there only when something happened: nothing is good news. */
const GOOD = TreatMissingData.NOT_BREACHING;

/** Twice reconcile's round of five minutes is how long a run may stand still when all is well; three times that is not. */
const STUCK_SECONDS = 1_800;

const TWO_OF_THREE = { bad: 2, of: 3 };

/** What wakes somebody up, or should. */
export function alarmsOf(monitored: Monitored): readonly AlarmRow[] {
  const { functions, deadLetterQueues } = monitored;
  return [
    ...Object.entries(deadLetterQueues).map(([name, queue]) => deadLetters(name, queue)),
    ...runs(monitored),
    ...Object.entries(functions).flatMap(([name, one]) => ofFunction(name, one)),
    ...ofGateway(monitored),
    ...ofTable(monitored),
    ...ofMachine(monitored),
    ...ofRules(monitored),
  ];
}

const deadLetters = (name: string, queue: DeadLetters): AlarmRow => ({
  name: `dead-letters-${kebab(name)}`,
  runbook: 'dead-letters',
  means: 'Something could not be handled and waits for a person, 14 days at most.',
  metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
  threshold: 0,
  missing: GOOD,
});

function runs({ name, functions }: Monitored): readonly AlarmRow[] {
  return [
    {
      name: 'stuck-runs',
      runbook: 'stuck-runs',
      means: `A run should have gone on ${STUCK_SECONDS / 60} minutes ago, and nothing gets it going.`,
      metric: ownMetrics(name).metric('StuckRunAge', { statistic: 'Maximum' }),
      threshold: STUCK_SECONDS,
      missing: GOOD,
    },
    {
      name: 'reconcile-is-silent',
      runbook: 'reconcile-is-silent',
      means:
        'Reconcile is to run every five minutes and did not run for a quarter of an hour: what stands still stays so.',
      metric: functions.reconcile.function.metricInvocations({ statistic: 'Sum', period: Duration.minutes(15) }),
      threshold: 1,
      below: true,
      missing: TreatMissingData.BREACHING,
    },
  ];
}

function ofFunction(name: string, { function: one }: PipecallFunction): readonly AlarmRow[] {
  return [
    {
      name: `errors-${kebab(name)}`,
      runbook: 'function-errors',
      means: 'Three or more invocations failed in five minutes: trouble of the platform, or a bug.',
      metric: one.metricErrors({ statistic: 'Sum', period: PERIOD }),
      threshold: 2,
      missing: GOOD,
    },
    {
      name: `throttles-${kebab(name)}`,
      runbook: 'function-throttles',
      means:
        'Lambda refuses invocations again and again: the concurrency of the account or of the function is used up.',
      metric: one.metricThrottles({ statistic: 'Sum', period: PERIOD }),
      threshold: 0,
      periods: TWO_OF_THREE,
      missing: GOOD,
    },
  ];
}

function ofGateway({ gateway }: Monitored): readonly AlarmRow[] {
  const sum = { statistic: 'Sum', period: PERIOD };
  return [
    {
      name: 'api-5xx',
      runbook: 'api-answers-5xx',
      means: 'More than 2 % of the requests (of a hundred at least) are answered with 5xx.',
      metric: new MathExpression({
        expression: '100 * errors / IF(requests > 100, requests, 100)',
        usingMetrics: { errors: gateway.stage.metricServerError(sum), requests: gateway.stage.metricCount(sum) },
        label: 'percent of requests',
        period: PERIOD,
      }),
      threshold: 2,
      periods: TWO_OF_THREE,
      missing: GOOD,
    },
  ];
}

function ofTable({ table }: Monitored): readonly AlarmRow[] {
  return [
    {
      name: 'table-throttles',
      runbook: 'table',
      means: 'DynamoDB refuses requests again and again: one partition, or the table, gets more than it takes.',
      metric: sumOverOperations(table, 'ThrottledRequests', 'throttled requests'),
      threshold: 0,
      periods: TWO_OF_THREE,
      missing: GOOD,
    },
    {
      name: 'table-errors',
      runbook: 'table',
      means: 'DynamoDB answers with errors of its own, five or more in five minutes.',
      metric: sumOverOperations(table, 'SystemErrors', 'errors of DynamoDB'),
      threshold: 4,
      missing: GOOD,
    },
  ];
}

function ofMachine({ machine }: Monitored): readonly AlarmRow[] {
  const row = (name: string, means: string, metric: Metric): AlarmRow => ({
    name,
    runbook: 'state-machine',
    means,
    metric,
    threshold: 0,
    missing: GOOD,
  });
  const sum = { statistic: 'Sum', period: PERIOD };
  return [
    row(
      'executions-failed',
      'An execution failed: its run could not be driven and ends as failed.',
      machine.metricFailed(sum),
    ),
    row('executions-timed-out', 'An execution took longer than any run may.', machine.metricTimedOut(sum)),
    {
      ...row(
        'executions-throttled',
        'Step Functions slows executions down: its quota is used up.',
        machine.metricThrottled(sum),
      ),
      periods: TWO_OF_THREE,
    },
  ];
}

/** One alarm takes ten metrics at most. */
const MOST = 10;

function ofRules({ rules }: Monitored): readonly AlarmRow[] {
  if (rules.length > MOST)
    throw new Error(`an alarm takes ${MOST} metrics at most, and there are ${rules.length} rules`);
  const row = (name: string, means: string, metricName: string): AlarmRow => ({
    name,
    runbook: 'events-not-delivered',
    means,
    metric: sumOverRules(rules, metricName),
    threshold: 0,
    missing: GOOD,
  });
  return [
    row('rules-failed', 'EventBridge gave up on events for a target of ours.', 'FailedInvocations'),
    row(
      'rules-lost',
      'Events could be delivered neither to a target of ours nor to its dead-letter queue: they are lost.',
      'InvocationsFailedToBeSentToDlq',
    ),
  ];
}

function sumOverRules(rules: readonly Rule[], metricName: string): IMetric {
  const metrics = rules.map((rule, index): [string, Metric] => {
    const dimensionsMap = dimensionsOf(rule);
    return [
      `r${index}`,
      new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: 'Sum', period: PERIOD }),
    ];
  });
  return new MathExpression({
    // They are sent only when they are not zero, some of them never: an array may hold a series that does not exist.
    expression: `SUM([${metrics.map(([id]) => `FILL(${id}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics),
    label: metricName,
    period: PERIOD,
  });
}

/** Of a rule on a bus of one's own both; the name is read off its ARN, for `Ref` has the bus in it. */
function dimensionsOf(rule: Rule): Readonly<Record<string, string>> {
  const { defaultChild } = rule.node;
  const bus = defaultChild instanceof CfnRule ? defaultChild.eventBusName : undefined;
  const parts = Fn.split('/', rule.ruleArn);
  return bus === undefined ? { RuleName: Fn.select(1, parts) } : { EventBusName: bus, RuleName: Fn.select(2, parts) };
}

/** `runJobs` -> `run-jobs` */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
