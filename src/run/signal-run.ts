import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import type { RunPath } from '../store/keys.ts';
import { type SignalChange, writeSignal } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';

/**
 * Tells a run that executes that something came for it from outside. The token of whoever waits comes with the answer of
 * the very write that counts the signal, so none is lost: a token that is left later finds the signal counted. Between
 * the write and the waking a crash leaves a signal that `reconcile` wakes for.
 */
export async function signalRun(
  deps: { readonly table: Table; readonly executions: Executions },
  path: RunPath,
  change?: SignalChange,
): Promise<{ readonly done: boolean; readonly run?: RunRecord }> {
  const written = await writeSignal(deps.table, path, change);
  const token = written.done ? written.run?.token : undefined;
  if (token !== undefined) await deps.executions.wake(token);
  return written;
}
