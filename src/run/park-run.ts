import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import type { RunPath } from '../store/keys.ts';
import { leaveToken } from '../store/run-writes.ts';

export type Parking = {
  readonly token: string;
  readonly input: RunPath;
  /** Of the worker that parked. */
  readonly epoch: number;
  /** The last signal that it saw. */
  readonly signal: number;
};

/** Leaves the task token where the next signal finds it. A signal that came since the worker looked wakes at once. */
export async function parkRun(table: Table, executions: Executions, parking: Parking): Promise<void> {
  const left = await leaveToken(table, parking.input, parking.token, parking);
  if (!left) await executions.wake(parking.token);
}
