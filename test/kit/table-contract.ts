import { afterAll, beforeAll, describe } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import type { Fault, Given } from './table/given.ts';
import { tableIndexCases } from './table/index-cases.ts';
import { tableLimitCases } from './table/limit-cases.ts';
import { tableOrderCases } from './table/order-cases.ts';
import { tableProperty } from './table/property.ts';
import { tableQueryCases } from './table/query-cases.ts';
import { tableWriteCases } from './table/write-cases.ts';

export type OpenTable = () => Promise<{ readonly table: Table; close(): Promise<void> }>;

export type ContractOptions = {
  /** Random sequences of operations to compare with the model. */
  readonly propertyRuns: number;
  readonly faults?: readonly Fault[];
};

/** Every word of the `table` port and every rule in its comments, for each of its adapters. */
export function tableContract(name: string, open: OpenTable, { propertyRuns, faults = [] }: ContractOptions): void {
  describe(`the table port: ${name}`, () => {
    let opened: Awaited<ReturnType<OpenTable>>;
    let partitions = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const given = (): Given => ({
      table: opened.table,
      partition: () => `partition-${++partitions}`,
    });

    describe('writes', () => tableWriteCases(given, faults));
    describe('writes in order', () => tableOrderCases(given));
    describe('queries', () => tableQueryCases(given, faults));
    describe('indexes', () => tableIndexCases(given));
    describe('limits', () => tableLimitCases(given));
    tableProperty(given, propertyRuns, faults);
  });
}
