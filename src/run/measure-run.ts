import type { Measure } from '../ports/measure.ts';
import type { RunEnd, RunRecord } from '../store/runs.ts';

type Measuring = { readonly measure?: Measure };

/** By the first invocation of a run. */
export function measureBeginning({ measure }: Measuring, { createdAt, executingAt, group }: RunRecord): void {
  if (executingAt === undefined) return;
  const of = group === undefined ? 'start' : 'group';
  measure?.({ metric: 'QueueWait', value: (executingAt - createdAt) / 1_000, of });
}

/** By whoever wrote the end of a run: nobody else counts it. */
export function measureEnd(
  { measure }: Measuring,
  { executingAt }: Pick<RunRecord, 'executingAt'>,
  { status, completedAt }: { readonly status: RunEnd; readonly completedAt: number },
): void {
  measure?.({ metric: 'RunsEnded', value: 1, of: status });
  // One that never began took no time.
  if (executingAt !== undefined) measure?.({ metric: 'RunDuration', value: (completedAt - executingAt) / 1_000 });
}
