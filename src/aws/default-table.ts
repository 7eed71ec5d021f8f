import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../ports/table.ts';
import { createTable } from './table.ts';

/** The table of a deployment for a program outside of it, with the region and the credentials of the environment. */
export function openDefaultTable(tableName: string): { readonly table: Table; close(): Promise<void> } {
  const client = new DynamoDBClient({});
  return {
    table: createTable({ client, tableName }),
    async close() {
      client.destroy();
    },
  };
}
