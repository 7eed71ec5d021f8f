import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../src/aws/clock.ts';
import { createTableDefinition } from '../../src/aws/table-definition.ts';
import { amendDynalite } from './amend-dynalite.ts';

export type DynamoDbOptions = {
  readonly tableName: string;
  /** Folder for the data. Absent: memory. */
  readonly folder?: string;
};

export type LocalDynamoDb = {
  readonly endpoint: string;
  /** A client of this endpoint. It is closed with the server. */
  readonly client: DynamoDBClient;
  close(): Promise<void>;
};

type Dynalite = (options: { path?: string; createTableMs: number }) => Server;

/** Milliseconds between two looks at a table that is being created, and how many looks. */
const LOOK_EVERY = 5;
const MAX_LOOKS = 2000;

/** A loopback DynamoDB (`dynalite`) whose table is there when this resolves. */
export async function startDynamoDb({ tableName, folder }: DynamoDbOptions): Promise<LocalDynamoDb> {
  // Loaded here, not on top: only `--sdk` and tests need it, and it is a development dependency.
  const require = createRequire(import.meta.url);
  const dynalite = require('dynalite') as Dynalite; // as: the package brings no types
  amendDynalite(require);
  if (folder !== undefined) await checkFolder(require, folder);
  const server = dynalite({ createTableMs: 0, ...(folder !== undefined && { path: folder }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: a TCP server has an address with a port
  const endpoint = `http://127.0.0.1:${port}`;
  const client = localClient(endpoint);
  await createTableIfAbsent(client, tableName);
  return {
    endpoint,
    client,
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** The part of LevelDB's JavaScript face that is used here. */
type LevelDb = { open(): Promise<void>; close(): Promise<void> };

/**
 * Opens and closes the data once. dynalite opens it in the background and loses the reason when that fails: its first
 * request then throws where nobody can catch it.
 */
async function checkFolder(require: NodeJS.Require, folder: string): Promise<void> {
  // The same package that dynalite uses. as: what its documentation says
  const { Level } = createRequire(require.resolve('dynalite'))('level') as { Level: new (path: string) => LevelDb };
  const level = new Level(folder);
  try {
    await level.open();
  } catch (error) {
    // LevelDB says what is wrong in the cause: https://github.com/Level/abstract-level#errors
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED') {
      throw new Error(
        `${folder} is in use by another process; stop that one first, or choose another folder with --data`,
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'move it away to begin with an empty one, or choose another folder with --data';
    throw new Error(`${folder} cannot be used: ${reason}; ${remedy}`, { cause });
  }
  await level.close();
}

/** The credentials are as good as any other: engines on the loopback check none. */
export function localClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

/** Resolves when the table is there and takes writes; engines on a disk need some milliseconds for that. */
export async function createTableIfAbsent(client: DynamoDBClient, tableName: string): Promise<void> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  if (!TableNames.includes(tableName)) await client.send(new CreateTableCommand(createTableDefinition(tableName)));
  for (let tried = 0; tried < MAX_LOOKS; tried++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await systemClock.sleep(LOOK_EVERY);
  }
  const waited = (MAX_LOOKS * LOOK_EVERY) / 1000;
  throw new Error(`the table ${tableName} did not become active in ${waited} s; delete the folder with its data`);
}
