/** Of all metrics below, in CloudWatch. */
export const NAMESPACE = 'Pipecall';

/** The dimension that every metric has: the deployment, of which there may be several. */
export const SERVICE = 'service';

/**
 * What is counted about runs, and all of it: alarms, the dashboard and docs/operations.md are checked against this table.
 * No port with adapters and a contract, only a function that is handed in, as the log is.
 *
 * A dimension makes one time series for each of its values, each of which is paid for: so it takes values of a closed set,
 * and never an id.
 */
export const METRICS = {
  RunsStarted: { unit: 'Count', meaning: 'runs whose record was created, whatever started them' },
  RunsEnded: { unit: 'Count', dimension: 'status', meaning: 'runs that ended, by how: succeeded, failed, cancelled' },
  RunDuration: { unit: 'Seconds', meaning: 'from the beginning of a run to its end, waits included' },
  QueueWait: {
    unit: 'Seconds',
    dimension: 'waited_for',
    meaning: 'from the request to the beginning of a run: `start`, or `group` where it has a concurrency group',
  },
  StepFailures: {
    unit: 'Count',
    dimension: 'code',
    meaning:
      "steps that failed for good, by code; `CUSTOM`: a code of an org's own action, `NOT_BEGUN`: an expression failed",
  },
  RefusedStarts: { unit: 'Count', dimension: 'code', meaning: 'events that could not start a pipeline, by code' },
  WebhookDeliveries: {
    unit: 'Count',
    dimension: 'outcome',
    meaning: 'attempts to deliver a webhook, by outcome: delivered, retry, failed',
  },
  OpenRuns: { unit: 'Count', meaning: 'runs that are not over, at each round of reconcile' },
  ApprovalsWaiting: { unit: 'Count', meaning: 'jobs that wait for an approval, at each round of reconcile' },
  StuckRunAge: {
    unit: 'Seconds',
    meaning: 'how long ago the run that is most overdue should have gone on, at each round of reconcile; 0: none is',
  },
} as const satisfies Readonly<Record<string, Metric>>;

type Metric = { readonly unit: 'Count' | 'Seconds'; readonly dimension?: string; readonly meaning: string };

export type MetricName = keyof typeof METRICS;

/** `of`: the value of the metric's dimension, for those that have one. */
export type Measured = {
  readonly [Name in MetricName]: (typeof METRICS)[Name] extends { readonly dimension: string }
    ? { readonly metric: Name; readonly value: number; readonly of: string }
    : { readonly metric: Name; readonly value: number; readonly of?: never };
}[MetricName];

/** Takes no time and never fails: what is measured goes out later. */
export type Measure = (measured: Measured) => void;
