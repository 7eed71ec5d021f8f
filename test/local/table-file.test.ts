import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';

const WRITER = fileURLToPath(new URL('../kit/table/writer.ts', import.meta.url));
const clock = { now: () => 0 };

describe('the file of a local table', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];
  const tables: LocalTable[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'table-'));
    file = join(folder, 'table.db');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    for (const table of tables.splice(0)) await table.close();
    await rm(folder, { recursive: true });
  });

  const open = (): LocalTable => {
    const table = openTable({ file, clock, sweepSeconds: 0 });
    tables.push(table);
    return table;
  };

  /** Resolves when the process has told `lines` lines; they go on coming into the array that it answers. */
  async function startWriter(writers: number, lines: number) {
    const child = spawn(process.execPath, [WRITER, file, `${writers}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const told: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('exit', code => reject(new Error(`the writer ended with ${code} after ${told.length} lines`)));
      createInterface({ input: child.stdout }).on('line', line => {
        if (told.push(line) === lines) resolve();
      });
    });
    return { child, told };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  it.each([1, 50, 400])('has every acknowledged write after kill -9 behind %d of them', async count => {
    const writers = 4;
    const { child, told } = await startWriter(writers, count + 1);
    await kill(child);
    const table = open();
    expect(told.length).toBeGreaterThan(count);
    for (let writer = 0; writer < writers; writer++) {
      const acknowledged = told.filter(line => line.startsWith(`${writer} `)).length;
      const { items } = await table.query({ pk: `writer-${writer}` });
      const counted = (await table.get({ pk: 'count', sk: `${writer}` }))?.n ?? 0;
      // One more may be on disk, its answer being lost; but never a part of a sequence.
      expect([acknowledged, acknowledged + 1]).toContain(items.length);
      expect(counted).toBe(items.length);
    }
  });

  it('belongs to one process, and to the next one when that was killed', async () => {
    const { child } = await startWriter(1, 1);
    expect(open).toThrow(`${file} is in use by another process`);
    await kill(child);
    const table = open();
    expect(await table.write({ put: { pk: 'a', sk: 'a' } })).toEqual({ done: true });
    expect(open).toThrow(/in use/);
  });

  it('keeps what was written when it is closed and opened again', async () => {
    const first = open();
    const item = { pk: 'a', sk: 'a', gsi1pk: 'g', gsi1sk: 'g', list: [1] };
    await first.write({ put: item });
    await first.close();
    const second = open();
    expect(await second.get(item)).toEqual(item);
    expect((await second.query({ index: 'gsi1', pk: 'g' })).items).toHaveLength(1);
  });

  it('commits what waits when it is closed, and refuses what comes later', async () => {
    const table = open();
    const key = { pk: 'a', sk: 'a' };
    const waiting = table.write({ put: key });
    await table.close();
    expect(await waiting).toEqual({ done: true });
    const refused = /is closed/;
    await expect(table.write({ put: key })).rejects.toThrow(refused);
    await expect(table.writeInOrder([])).rejects.toThrow(refused);
    await expect(table.get(key)).rejects.toThrow(refused);
    await expect(table.getMany([])).rejects.toThrow(refused);
    await expect(table.query({ pk: 'a' })).rejects.toThrow(refused);
    await table.close();
    expect(await open().get(key)).toEqual(key);
  });

  it('is refused when a later version of the program made it, or when it is no table', async () => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(open).toThrow(`${file} has version 99 of the table; this program knows version 1`);
    file = folder;
    expect(open).toThrow(`${folder} cannot be opened`);
  });

  it('shares one commit among the writes of one turn, whatever their kind', async () => {
    const table = open();
    const before = table.counts();
    await Promise.all([
      ...Array.from({ length: 50 }, (_, n) => table.write({ put: { pk: 'a', sk: `${n}` } })),
      table.writeInOrder([[{ update: { pk: 'b', sk: 'b' }, add: { n: 1 } }], [{ delete: { pk: 'a', sk: '1' } }]]),
    ]);
    expect(table.counts()).toEqual({ commits: before.commits + 1, writes: before.writes + 52 });
  });
});
