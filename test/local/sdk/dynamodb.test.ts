import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/sdk/dynamodb.ts';
import { createTable } from '../../../src/aws/table.ts';

describe('the loopback DynamoDB', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const use = async <Answer>(work: (table: ReturnType<typeof createTable>) => Promise<Answer>): Promise<Answer> => {
    const server = await startDynamoDb({ tableName: 'pipecall', folder: join(folder, 'data') });
    try {
      return await work(createTable({ client: server.client, tableName: 'pipecall' }));
    } finally {
      await server.close();
    }
  };

  it('keeps its data in a folder', async () => {
    const item = { pk: 'a', sk: 'a', gsi1pk: 'g', gsi1sk: 'g', body: ['x'] };
    await use(table => table.write({ put: item }));
    expect(await use(table => table.get(item))).toEqual(item);
    const { items } = await use(table => table.query({ index: 'gsi1', pk: 'g' }));
    expect(items).toHaveLength(1);
  });
});
