import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS, type Measured, NAMESPACE } from '../ports/measure.ts';

/**
 * One line for all measurements without a dimension, and one for each value of a dimension.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * `about`: goes along as plain fields of the line, by which it can be searched; it makes no time series.
 */
export function embeddedMetrics(
  service: string,
  measured: readonly Measured[],
  about: Readonly<Record<string, unknown>>,
): readonly string[] {
  const groups = Map.groupBy(measured, one => JSON.stringify(dimensionOf(one)));
  return [...groups.values()].flatMap(chunksOf).map(group => {
    const metrics = new Metrics({ namespace: NAMESPACE, serviceName: service });
    for (const [dimension, value] of group.slice(0, 1).flatMap(dimensionOf)) metrics.addDimension(dimension, value);
    for (const { metric, value } of group) metrics.addMetric(metric, METRICS[metric].unit, value);
    const { service: _dimension, ...rest } = about;
    for (const [name, value] of Object.entries(rest)) metrics.addMetadata(name, String(value));
    return JSON.stringify(metrics.serializeMetrics());
  });
}

/** A line takes 100 values of a metric; at the hundredth the library writes by itself, and forgets the dimension. */
const MOST = 99;

function chunksOf(group: readonly Measured[]): readonly (readonly Measured[])[] {
  const count = Math.ceil(group.length / MOST);
  return Array.from({ length: count }, (_, index) => group.slice(index * MOST, (index + 1) * MOST));
}

/** At most one: its name and its value. */
function dimensionOf({ metric, of }: Measured): readonly (readonly [string, string])[] {
  const row = METRICS[metric];
  return 'dimension' in row && of !== undefined ? [[row.dimension, of]] : [];
}
