import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '../../local/table/open-table.ts';
import { type OpenTable, tableContract } from '../kit/table-contract.ts';

const clock = { now: () => 0 };

const inMemory: OpenTable = async () => {
  const table = openTable({ file: ':memory:', clock });
  return { table, close: table.close };
};

const inFile: OpenTable = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'table-'));
  const table = openTable({ file: join(folder, 'table.db'), clock });
  return {
    table,
    async close() {
      await table.close();
      await rm(folder, { recursive: true });
    },
  };
};

tableContract('SQLite in memory', inMemory, { propertyRuns: 500 });
tableContract('SQLite in a file', inFile, { propertyRuns: 100 });
