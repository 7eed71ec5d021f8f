import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Item, Table } from '../../../src/ports/table.ts';
import type { Fault, Given } from './given.ts';
import { createModel } from './model.ts';
import { type Operation, operations } from './operations.ts';
import { pages } from './query-cases.ts';

async function observe(table: Table, operation: Operation): Promise<unknown> {
  switch (operation.do) {
    case 'write':
      return table.write(operation.write).catch(nameOf);
    case 'writeInOrder':
      return table.writeInOrder(operation.groups).catch(nameOf);
    case 'get':
      return table.get(operation.key, { consistent: true });
    case 'getMany':
      return table.getMany(operation.keys, { consistent: true });
    case 'pages':
      return pages(table, operation.query);
    case 'index': {
      const { items } = await table.query(operation.query);
      // DynamoDB does not say in which order items with equal keys of an index come.
      const range = `${operation.query.index}sk`;
      return { order: items.map(item => item[range]), items: items.map(sorted).toSorted() };
    }
  }
}

export function tableProperty(given: () => Given, numRuns: number, faults: readonly Fault[]): void {
  it(`answers ${numRuns} random sequences of operations as the model does`, async () => {
    const { table, partition } = given();
    // The sequences are made for `@`; each run, those of shrinking too, gets partitions of its own.
    await fc.assert(
      fc.asyncProperty(operations('@', faults), async sequence => {
        const of = partition();
        const own = JSON.parse(JSON.stringify(sequence).replaceAll('"@', `"${of}`)) as typeof sequence; // as: the same, renamed
        const model = createModel();
        for (const operation of own) {
          expect(await observe(table, operation), JSON.stringify(operation)).toEqual(await observe(model, operation));
        }
      }),
      { numRuns },
    );
  });
}

function nameOf(error: Error): string {
  return error.name;
}

function sorted(item: Item): string {
  return JSON.stringify(Object.entries(item).toSorted());
}
