import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { createTableIfAbsent, type LocalDynamoDb, localClient, startDynamoDb } from '../../local/sdk/dynamodb.ts';

export const TABLE_NAME = 'pipecall-test';

/** dynalite in this process, in memory. */
export const startDynalite = (): Promise<LocalDynamoDb> => startDynamoDb({ tableName: TABLE_NAME });

/** The program of the optional package for this platform; undefined: it is not installed. */
export const DYNOXIDE = findDynoxide();

/** dynoxide, an engine that has nothing in common with dynalite, in a process of its own. */
export async function startDynoxide(): Promise<LocalDynamoDb> {
  if (!DYNOXIDE) throw new Error('dynoxide is not installed; ask DYNOXIDE before');
  const port = await freePort();
  const child = spawn(DYNOXIDE, ['--host', '127.0.0.1', '--port', `${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const listening = untilSaid(child.stderr, `listening on http://127.0.0.1:${port}`);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`dynoxide ended with ${code}`)));
  await Promise.race([listening, ended]);
  ended.catch(() => undefined); // its end at `close` is no news
  child.stderr.resume();
  const endpoint = `http://127.0.0.1:${port}`;
  const client = localClient(endpoint);
  await createTableIfAbsent(client, TABLE_NAME);
  return {
    endpoint,
    client,
    async close() {
      client.destroy();
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

async function untilSaid(stream: Readable, words: string): Promise<void> {
  for (let said = ''; !said.includes(words); ) said += String((await once(stream, 'data'))[0]);
}

function findDynoxide(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch (error) {
    // Optional packages are left out on other platforms.
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** dynoxide cannot tell which port it got, so it is given one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: a TCP server has an address with a port
  server.close();
  await once(server, 'close');
  return port;
}
