import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalDynamoDb } from '../../local/sdk/dynamodb.ts';
import { createMeter } from '../../src/aws/meter.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Table } from '../../src/ports/table.ts';
import { BILLED } from '../fixtures/table/billed.ts';
import { DYNOXIDE, startDynalite, startDynoxide, TABLE_NAME } from '../kit/dynamodb.ts';

/** The figures are DynamoDB's rules; that two engines that share nothing agree on them guards against a slip in either. */
function counts(name: string, start: () => Promise<LocalDynamoDb>): void {
  describe(`the meter on ${name}`, () => {
    let server: LocalDynamoDb;
    let table: Table;
    const meter = createMeter();
    beforeAll(async () => {
      server = await start();
      table = createTable({ client: server.client, tableName: TABLE_NAME, meter });
    });
    afterAll(() => server?.close());
    afterEach(async () => {
      const { items } = await table.query({ pk: 'billed', consistent: true });
      await table.writeInOrder([items.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
    });

    it.each(BILLED)('$name', async ({ given = [], call, writes = 0, reads = 0, calls }) => {
      await table.writeInOrder([given.map(put => ({ put }))]);
      meter.reset();
      await call(table);
      const { writeUnits, readUnits, calls: counted } = meter.snapshot();
      expect({ writes: writeUnits, reads: readUnits, calls: counted }).toEqual({ writes, reads, calls });
    });
  });
}

counts('dynalite', startDynalite);
describe.skipIf(!DYNOXIDE)('with the optional package @dynoxide/linux-x64', () => {
  counts('dynoxide', startDynoxide);
});

describe('a meter', () => {
  it('counts what it is told, and from zero after a reset', () => {
    const meter = createMeter();
    meter.call('PutItem');
    meter.call('PutItem');
    meter.call('StartExecution');
    meter.read(0.5);
    meter.read(1);
    meter.write(3);
    meter.transition();
    meter.invocation();
    meter.invocation();
    meter.event(2);
    meter.event(1);
    const reading = {
      readUnits: 1.5,
      writeUnits: 3,
      calls: { PutItem: 2, StartExecution: 1 },
      transitions: 1,
      invocations: 2,
      events: 3,
    };
    const first = meter.snapshot();
    expect(first).toEqual(reading);
    meter.reset();
    const nothing = { readUnits: 0, writeUnits: 0, calls: {}, transitions: 0, invocations: 0, events: 0 };
    expect(meter.snapshot()).toEqual(nothing);
    expect(first).toEqual(reading);
  });
});
