import type { Context } from 'aws-lambda';
import { beginInvocation, type LogFields, reportError } from '../src/aws/log.ts';
import type { Metrics } from '../src/aws/metrics.ts';

export type Observing<Event> = {
  readonly metrics: Metrics;
  /** Ids of what an event is about. */
  readonly about: (event: Event) => LogFields;
};

/** What every function has around it: lines that say which invocation they are of, and measurements that arrive. */
export function observed<Event, Result>(
  { metrics, about }: Observing<Event>,
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  let cold = true;
  return async (event, context) => {
    const trace = traceId();
    beginInvocation({
      service: metrics.service,
      function_name: context.functionName,
      function_request_id: context.awsRequestId,
      cold_start: cold,
      ...(trace === undefined ? {} : { xray_trace_id: trace }),
      about: about(event),
    });
    cold = false;
    try {
      return await handle(event, context);
    } catch (error) {
      // Lambda writes it too, but not whose run it was.
      reportError('the invocation failed', error);
      throw error;
    } finally {
      await metrics.flush();
    }
  };
}

/** Lambda sets it anew for every invocation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function traceId(): string | undefined {
  return /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];
}
