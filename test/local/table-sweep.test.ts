import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../local/table/database.ts';
import { createGroupCommit } from '../../local/table/group-commit.ts';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import { createRows } from '../../local/table/rows.ts';
import { createSweep } from '../../local/table/sweep.ts';

describe('sweeping', () => {
  let now = 0;
  const clock = { now: () => now };
  const tables: LocalTable[] = [];
  const open = (sweepSeconds = 0): LocalTable => {
    const table = openTable({ file: ':memory:', clock, sweepSeconds });
    tables.push(table);
    return table;
  };
  afterEach(async () => {
    vi.useRealTimers();
    for (const table of tables.splice(0)) await table.close();
  });

  const all = async (table: LocalTable) => (await table.query({ pk: 'a' })).items.map(({ sk }) => sk);

  it('deletes what has expired, from the indexes too, and nothing else', async () => {
    const table = open();
    const index = { gsi1pk: 'g', gsi1sk: 'g' };
    const group = [
      { pk: 'a', sk: 'past', expires_at: 1000, ...index },
      { pk: 'a', sk: 'just now', expires_at: 2000 },
      { pk: 'a', sk: 'future', expires_at: 2001 },
      { pk: 'a', sk: 'never' },
      { pk: 'a', sk: 'not a time', expires_at: 'yesterday' },
      { pk: 'a', sk: 'also no time', expires_at: null },
    ];
    await table.writeInOrder([group.map(put => ({ put }))]);
    now = 2_000_999;
    expect(await table.sweep()).toBe(1);
    expect(await all(table)).not.toContain('past');
    expect((await table.query({ index: 'gsi1', pk: 'g' })).items).toEqual([]);
    now = 2_001_000;
    expect(await table.sweep()).toBe(1);
    expect(await all(table)).toEqual(['also no time', 'future', 'never', 'not a time']);
    await table.write({ update: { pk: 'a', sk: 'future' }, set: { expires_at: 9999 } });
    await table.write({ update: { pk: 'a', sk: 'never' }, set: { expires_at: 1 } });
    now = 3_000_000;
    expect(await table.sweep()).toBe(1);
    expect(await all(table)).toEqual(['also no time', 'future', 'not a time']);
  });

  it('deletes many in small batches, and lets others come between', async () => {
    const table = open();
    now = 0;
    const puts = Array.from({ length: 250 }, (_, n) => ({ put: { pk: 'a', sk: `${n}`, expires_at: 1 } }));
    await table.writeInOrder([puts]);
    const { commits } = table.counts();
    now = 10_000;
    const events: string[] = [];
    const swept = table.sweep().then(count => events.push(`swept ${count}`));
    const written = table.write({ put: { pk: 'b', sk: 'b' } }).then(() => events.push('written'));
    await Promise.all([swept, written]);
    expect(events).toEqual(['written', 'swept 250']);
    expect(table.counts().commits).toBe(commits + 3);
  });

  it('runs on a timer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    now = 0;
    const table = open(60);
    await table.write({ put: { pk: 'a', sk: 'a', expires_at: 1 } });
    now = 10_000;
    vi.advanceTimersByTime(59_999);
    expect(await all(table)).toEqual(['a']);
    vi.advanceTimersByTime(1);
    expect(await all(table)).toEqual([]);
  });

  it('tells when it fails, and tries again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    now = 10_000;
    const database = openDatabase(':memory:');
    const rows = createRows(database);
    const commits = createGroupCommit(database);
    await commits.submit(() => rows.put({ pk: 'a', sk: 'a', expires_at: 1 }));
    database.exec("CREATE TRIGGER broken BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'no'); END");
    const errors: string[] = [];
    const sweep = createSweep({ commits, rows, clock, seconds: 60, onError: error => errors.push(error.message) });
    await commits.submit(() => undefined);
    expect(errors).toEqual(['the data could not be written, nothing of this write is stored: no']);
    database.exec('DROP TRIGGER broken');
    vi.advanceTimersByTime(60_000);
    expect(await commits.read(() => rows.get({ pk: 'a', sk: 'a' }))).toBeUndefined();
    expect(errors).toHaveLength(1);
    sweep.stop();
    database.close();
  });
});
