import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PERIOD } from './own-metrics.ts';
import type { RecordsTable, TableAction } from './records-table.ts';

/** All that the adapter of the `table` port calls: DynamoDB counts refusals and errors by operation only. */
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'UpdateItem',
] as const satisfies readonly TableAction[];

/** By the name of the table, which may be another stack's. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export function tableMetric(
  { name }: Pick<RecordsTable, 'name'>,
  metricName: string,
  { operation, label, statistic }: { operation?: TableAction; label?: string; statistic: string },
): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: name, ...(operation === undefined ? {} : { Operation: operation }) },
    statistic,
    period: PERIOD,
    ...(label === undefined ? {} : { label }),
  });
}

export function sumOverOperations(table: RecordsTable, metricName: string, label: string): IMetric {
  const metrics = OPERATIONS.map(operation => [
    // Unique in a graph that has several sums.
    `${metricName}_${operation}`.toLowerCase(),
    tableMetric(table, metricName, { operation, statistic: 'Sum' }),
  ]);
  return new MathExpression({
    // They are there only when they are not zero, some of them never: an array may hold a series that does not exist.
    expression: `SUM([${metrics.map(([id]) => `FILL(${id}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics),
    label,
    period: PERIOD,
  });
}
