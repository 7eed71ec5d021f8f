import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import { getWait } from '../store/waits.ts';
import { signalRun } from './signal-run.ts';

/** Something in AWS came to its end: the run that waits for it looks at it. `nobody`: it was started by somebody else. */
export async function tellOfStatus(
  deps: { readonly table: Table; readonly executions: Executions },
  arn: string,
): Promise<'told' | 'nobody'> {
  const path = await getWait(deps.table, arn);
  if (path === undefined) return 'nobody';
  // A run that is over takes no signal.
  return (await signalRun(deps, path)).done ? 'told' : 'nobody';
}
