import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGroupCommit, type GroupCommit } from '../../local/table/group-commit.ts';

describe('group commit', () => {
  let database: DatabaseSync;
  let commits: GroupCommit;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    // A row whose parent is missing is found out by COMMIT, not by the statement.
    database.exec(`
      PRAGMA foreign_keys = ON;
      CREATE TABLE parents (name TEXT PRIMARY KEY);
      CREATE TABLE rows (name TEXT PRIMARY KEY, body TEXT, parent TEXT REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
    `);
    commits = createGroupCommit(database);
  });
  afterEach(() => database.close());

  const names = () =>
    database
      .prepare('SELECT name FROM rows ORDER BY name')
      .all()
      .map(({ name }) => name);
  const insert = (name: string, { body = '', parent = null }: { body?: string; parent?: string | null } = {}) =>
    commits.submit(changed => {
      database.prepare('INSERT INTO rows VALUES (?, ?, ?)').run(name, body, parent);
      changed(name);
      return name;
    });

  it('commits all writes of one turn together', async () => {
    const all = Array.from({ length: 100 }, (_, n) => insert(`${n}`));
    expect(commits.counts()).toEqual({ commits: 0, writes: 0 });
    expect(await Promise.all(all)).toHaveLength(100);
    expect(commits.counts()).toEqual({ commits: 1, writes: 100 });
    for (const name of ['a', 'b', 'c']) await insert(name);
    expect(commits.counts()).toEqual({ commits: 4, writes: 103 });
  });

  it('counts no commit where nothing was changed', async () => {
    expect(await commits.submit(() => 'refused')).toBe('refused');
    expect(commits.counts()).toEqual({ commits: 0, writes: 0 });
  });

  it('keeps the others when the work of one throws', async () => {
    const kept = insert('kept');
    const thrown = commits.submit(() => {
      throw new TypeError('a mistake of the caller');
    });
    await expect(thrown).rejects.toThrow(TypeError);
    await kept;
    expect(names()).toEqual(['kept']);
  });

  it('lets a read of what is being written wait for the commit, and no other', async () => {
    const order: string[] = [];
    const write = insert('mine').then(() => order.push('written'));
    const reads = [
      commits.read(names, 'mine').then(found => order.push(`mine: ${found}`)),
      commits.read(names).then(found => order.push(`any: ${found}`)),
      commits.read(() => 'clean', 'other').then(found => order.push(`other: ${found}`)),
    ];
    await Promise.all([write, ...reads]);
    expect(order).toEqual(['other: clean', 'written', 'mine: mine', 'any: mine']);
  });

  it.each([
    ['COMMIT', { parent: 'missing' }, /FOREIGN KEY/],
    ['a statement, the disk being full', { body: 'x'.repeat(1_000_000) }, /database or disk is full/],
  ])('rejects all that waits when %s fails, and goes on', async (_, bad, reason) => {
    await insert('before');
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() ?? {};
    database.exec(`PRAGMA max_page_count = ${Number(pages) + 10}`);
    const first = insert('first');
    const failing = insert('failing', bad);
    const read = commits.read(names);
    for (const lost of [first, failing]) {
      const error = expect(lost).rejects;
      await error.toThrow(/nothing of this write is stored/);
      await error.toThrow(reason);
    }
    expect(await read).toEqual(['before']);
    expect(database.isTransaction).toBe(false);
    await insert('after');
    expect(names()).toEqual(['after', 'before']);
    expect(commits.counts()).toEqual({ commits: 2, writes: 2 });
  });

  it('gives a read that saw a lost write what is there now', async () => {
    await insert('before');
    const lost = insert('lost', { parent: 'missing' });
    const read = commits.read(names, 'lost');
    expect(names()).toEqual(['before', 'lost']);
    await expect(lost).rejects.toThrow(/FOREIGN KEY/);
    expect(await read).toEqual(['before']);
  });

  it('commits at once when asked to', async () => {
    const write = insert('a');
    commits.flush();
    expect(commits.counts()).toEqual({ commits: 1, writes: 1 });
    await write;
    commits.flush();
    expect(commits.counts()).toEqual({ commits: 1, writes: 1 });
  });
});
