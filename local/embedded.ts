import { join } from 'node:path';
import { systemClock } from '../src/aws/clock.ts';
import type { Executions } from '../src/ports/executions.ts';
import type { Table } from '../src/ports/table.ts';
import { createExecutions } from './executions.ts';
import type { StateMachine } from './step-functions/state-machine.ts';
import { openTable } from './table/open-table.ts';

/** The two ports that differ between the embedded mode and `--sdk`. */
export type Ground = { readonly table: Table; readonly executions: Executions; close(): Promise<void> };

export function openEmbedded(folder: string, machine: StateMachine): Ground {
  const table = openTable({ file: join(folder, 'table.sqlite'), clock: systemClock });
  return { table, executions: createExecutions(machine), close: () => table.close() };
}
