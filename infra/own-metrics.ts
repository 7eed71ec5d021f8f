import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName, NAMESPACE, SERVICE } from '../src/ports/measure.ts';

/** What the functions of one deployment measure themselves, in periods of five minutes. */
export type OwnMetrics = {
  /** `of`: the value of the metric's dimension. */
  metric(name: MetricName, options: MetricOptions & { readonly statistic: string; readonly of?: string }): Metric;
  /** One line for each value of its dimension that there was. */
  byDimension(name: MetricName, statistic: string): MathExpression;
};

export const PERIOD = Duration.minutes(5);

export function ownMetrics(service: string): OwnMetrics {
  return {
    metric(name, { of, ...options }) {
      const dimensionsMap = { [SERVICE]: service, ...(of === undefined ? {} : { [dimensionOf(name)]: of }) };
      return new Metric({ namespace: NAMESPACE, metricName: name, dimensionsMap, period: PERIOD, ...options });
    },
    byDimension(name, statistic) {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
      const searched = `{${NAMESPACE},${SERVICE},${dimensionOf(name)}} ${SERVICE}="${service}" MetricName="${name}"`;
      return new MathExpression({
        expression: `SEARCH('${searched}', '${statistic}', ${PERIOD.toSeconds()})`,
        usingMetrics: {},
        label: '',
        period: PERIOD,
      });
    },
  };
}

function dimensionOf(name: MetricName): string {
  const row = METRICS[name];
  if (!('dimension' in row)) throw new Error(`the metric ${name} has no dimension`);
  return row.dimension;
}
