import type { Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { type Parking, parkRun } from '../../src/run/park-run.ts';

export type ParkRunHandler = (event: Parking) => Promise<void>;

export function createParkRunHandler(table: Table, executions: Executions): ParkRunHandler {
  return event => parkRun(table, executions, event);
}
