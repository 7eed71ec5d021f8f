import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
  await folder.remove();
});

/** `npm start` in a situation that it cannot start in. */
async function start(args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ['local/main.ts', '--port', '0', '--data', folder.path, ...args], {
    env: { ...process.env, PIPECALL_ADMIN_TOKEN: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  cleanUp.push(() => child.kill('SIGKILL'));
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, said };
}

type Case = {
  readonly title: string;
  /** What is wrong; answers more arguments. */
  readonly given: () => Promise<readonly string[]>;
  /** The file or place, what is wrong, and what to do. */
  readonly says: readonly string[];
};

const at = (name: string): string => join(folder.path, name);

async function file(name: string, content: string): Promise<readonly string[]> {
  await writeFile(at(name), content);
  return [];
}

async function runningServer(...args: readonly string[]): Promise<readonly string[]> {
  const server = await startLocalServer({ data: folder.path, args });
  cleanUp.push(() => server.stop('SIGKILL'));
  return args;
}

const CASES: readonly Case[] = [
  {
    title: 'the port is in use',
    given: async () => {
      const other = createServer().listen(0, '127.0.0.1');
      cleanUp.push(() => other.close());
      await once(other, 'listening');
      const address = other.address();
      return ['--port', String(typeof address === 'object' && address?.port)];
    },
    says: ['cannot listen on 127.0.0.1:', 'in use', '--port'],
  },
  {
    title: 'the data folder is a file',
    given: async () => {
      await file('plain', '');
      return ['--data', at('plain')];
    },
    says: ['/plain cannot be used', '--data'],
  },
  {
    title: 'the data folder is in a file',
    given: async () => {
      await file('plain', '');
      return ['--data', at('plain/data')];
    },
    says: ['/plain/data cannot be used', '--data'],
  },
  {
    title: 'another server has the data',
    given: () => runningServer(),
    says: ['table.sqlite is in use by another process', 'stop that one first', '--data'],
  },
  {
    title: 'another server has the data of --sdk',
    given: () => runningServer('--sdk'),
    says: ['dynamodb is in use by another process', 'stop that one first', '--data'],
  },
  {
    title: 'the data of --sdk is a file',
    given: async () => {
      await file('dynamodb', '');
      return ['--sdk'];
    },
    says: ['/dynamodb cannot be used', 'move it away', '--data'],
  },
  {
    title: 'table.sqlite is no database',
    given: () => file('table.sqlite', 'Something else, and longer than the header of a database.'.repeat(20)),
    says: ['table.sqlite cannot be used', 'not a database', 'move it away', '--data'],
  },
  {
    title: 'table.sqlite is a folder',
    given: async () => {
      await mkdir(at('table.sqlite'));
      return [];
    },
    says: ['table.sqlite cannot be opened', 'must be a file'],
  },
  {
    title: 'table.sqlite is of another version',
    given: async () => {
      const database = new DatabaseSync(at('table.sqlite'));
      database.exec('PRAGMA user_version = 99');
      database.close();
      return [];
    },
    says: ['table.sqlite has version 99', '--data'],
  },
  { title: 'admin-token is empty', given: () => file('admin-token', ''), says: ['/admin-token is empty', 'delete it'] },
  {
    title: 'admin-token is cut short',
    given: () => file('admin-token', 'pcl_uAAAA\n'),
    says: ['/admin-token is empty or damaged', 'delete it'],
  },
  {
    title: 'server-secret is not in hex',
    given: () => file('server-secret', `${'x'.repeat(64)}\n`),
    says: ['/server-secret is empty or damaged', 'delete it'],
  },
  {
    title: 'vault-key is cut short',
    given: () => file('vault-key', 'abcdef\n'),
    says: ['/vault-key is empty or damaged', 'put back the one that was there', 'set every secret value again'],
  },
  {
    title: 'server-secret is a folder',
    given: async () => {
      await mkdir(at('server-secret'));
      return [];
    },
    says: ['/server-secret cannot be read', 'delete it'],
  },
];

test.for(CASES)('$title: one line with the place and a remedy', async ({ given, says }) => {
  const { code, said } = await start(await given());
  for (const part of says) expect(said).toContain(part);
  expect(said).toMatch(/^pipecall: .*\n$/);
  expect(code).toBe(1);
});

// Nothing keeps root out of a folder.
test.skipIf(process.getuid?.() === 0)('the data folder is not writable', async () => {
  await chmod(folder.path, 0o500);
  const { code, said } = await start([]);
  expect(said).toMatch(/^pipecall: the data folder .* cannot be used; .* --data .*\n$/);
  expect(code).toBe(1);
});

test('a data folder that is made, and what is kept in it, are for their owner only', async () => {
  const data = at('new');
  const server = await startLocalServer({ data });
  cleanUp.push(() => server.stop('SIGKILL'));
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
  expect(await modeOf(data)).toBe(0o700);
  for (const name of ['table.sqlite', 'table.sqlite-wal']) expect(await modeOf(join(data, name))).toBe(0o600);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(await modeOf(join(data, 'table.sqlite'))).toBe(0o600);
});

test('the secrets are readable for their owner only, and stay', async () => {
  const secrets: string[][] = [];
  for (const _start of [1, 2]) {
    const server = await startLocalServer({ data: folder.path, env: { PIPECALL_ADMIN_TOKEN: '' } });
    cleanUp.push(() => server.stop('SIGKILL'));
    expect(await server.stop('SIGTERM')).toBe(0);
    secrets.push(
      await Promise.all(['admin-token', 'server-secret', 'vault-key'].map(name => readFile(at(name), 'utf8'))),
    );
    for (const name of ['admin-token', 'server-secret', 'vault-key'])
      expect((await stat(at(name))).mode & 0o777).toBe(0o600);
  }
  expect(secrets[1]).toEqual(secrets[0]);
});
