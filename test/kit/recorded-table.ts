import { type LocalTable, openTable } from '../../local/table/open-table.ts';

/** A table in memory that keeps, as JSON, everything that was ever to be written to it. */
export function recordedTable(written: string[]): LocalTable {
  // Only sweeps look at its clock, and there are none.
  const table = openTable({ file: ':memory:', clock: { now: () => 0 }, sweepSeconds: 0 });
  return {
    ...table,
    write(write) {
      written.push(JSON.stringify(write));
      return table.write(write);
    },
    writeInOrder(groups) {
      written.push(JSON.stringify(groups));
      return table.writeInOrder(groups);
    },
  };
}
