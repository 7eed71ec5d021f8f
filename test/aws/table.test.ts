import { describe } from 'vitest';
import type { LocalDynamoDb } from '../../local/sdk/dynamodb.ts';
import { createTable } from '../../src/aws/table.ts';
import { DYNOXIDE, startDynalite, startDynoxide, TABLE_NAME } from '../kit/dynamodb.ts';
import { type OpenTable, tableContract } from '../kit/table-contract.ts';

const opener =
  (start: () => Promise<LocalDynamoDb>): OpenTable =>
  async () => {
    const { client, close } = await start();
    return { table: createTable({ client, tableName: TABLE_NAME }), close };
  };

tableContract('DynamoDB on dynalite', opener(startDynalite), {
  propertyRuns: 25,
  faults: ['utf-16 order', 'inherited attributes'],
});

describe.skipIf(!DYNOXIDE)('with the optional package @dynoxide/linux-x64', () => {
  tableContract('DynamoDB on dynoxide', opener(startDynoxide), { propertyRuns: 25, faults: ['prefixes without case'] });
});
