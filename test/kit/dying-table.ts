import { expect } from 'vitest';
import type { Table } from '../../src/ports/table.ts';

const gone = (): Promise<never> => Promise.reject(new Error('the power is out'));

/** For a worker that dies: as soon as it is not alive, none of its writes is done. */
export function dyingTable(table: Table, isAlive: () => boolean): Table {
  return {
    ...table,
    write: write => (isAlive() ? table.write(write) : gone()),
    writeInOrder: groups => (isAlive() ? table.writeInOrder(groups) : gone()),
  };
}

/** Dies after so many writes. */
export function dyingAfter(table: Table, writes: number): Table {
  let left = writes;
  return dyingTable(table, () => left-- > 0);
}

/** What somebody comes to who may die of that, and of nothing else. */
export async function orDies(work: Promise<unknown>): Promise<void> {
  await work.catch(error => expect(String(error)).toContain('the power is out'));
}
