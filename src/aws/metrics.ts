import type { Measure, Measured } from '../ports/measure.ts';
import { invocationFields, reportError } from './log.ts';

export type Metrics = {
  /** The deployment: there may be several in one account and region. */
  readonly service: string;
  readonly measure: Measure;
  /** Writes what was measured since: before the end of an invocation, for the process may never get another one. */
  flush(): Promise<void>;
};

const toStandardOutput = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Measurements as lines of the log in the Embedded Metric Format, of which CloudWatch makes metrics: no call, no right, and
 * nothing to wait for. The library is loaded with the first one; most requests measure nothing.
 */
export function createMetrics(service: string, write: (line: string) => void = toStandardOutput): Metrics {
  let measured: Measured[] = [];
  return {
    service,
    measure: one => void measured.push(one),
    async flush() {
      if (measured.length === 0) return;
      const all = measured;
      measured = [];
      try {
        const { embeddedMetrics } = await import('./embedded-metrics.ts');
        for (const line of embeddedMetrics(service, all, invocationFields())) write(line);
      } catch (error) {
        // What was done is done, measured or not.
        reportError(`${all.length} measurements are lost`, error);
      }
    },
  };
}
