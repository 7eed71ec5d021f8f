import { pageOf } from '../../src/aws/table-cursor.ts';
import { checkGroups, checkKey, checkKeys, checkQuery, checkWrite } from '../../src/aws/table-limits.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Table } from '../../src/ports/table.ts';
import { applyGroups, applyWrite } from './apply-write.ts';
import { openDatabase } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createRows } from './rows.ts';
import { createSweep } from './sweep.ts';

export type OpenTableOptions = {
  /** Path of the database file (its folder must be there), or `:memory:`. */
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Seconds between two sweeps of expired items; 0: never by itself. Default 60. */
  readonly sweepSeconds?: number;
  /** Told when such a sweep failed; the next one tries again. Default: a warning of the process. */
  readonly onSweepError?: (error: Error) => void;
};

export type LocalTable = Table & {
  /** Deletes what has expired and answers how many items that were. Also done at open and on a timer. */
  sweep(): Promise<number>;
  /** Transactions committed (one fsync each) and writes in them since the table was opened. */
  counts(): { readonly commits: number; readonly writes: number };
  /** Commits what waits and closes the file. Later calls are refused. */
  close(): Promise<void>;
};

/** The `table` port on one SQLite file. Reads never answer a write that could still be lost: they wait for its commit. */
export function openTable({ file, clock, sweepSeconds = 60, onSweepError }: OpenTableOptions): LocalTable {
  const database = openDatabase(file);
  const rows = createRows(database);
  const commits = createGroupCommit(database);

  const sweeping = createSweep({ commits, rows, clock, seconds: sweepSeconds, onError: onSweepError ?? warn });
  let closed = false;
  const guard = () => {
    if (closed) throw new Error(`the table in ${file} is closed; nothing can be read or written any more`);
  };

  return {
    async get(key) {
      guard();
      checkKey(key);
      return commits.read(() => rows.get(key), key.pk);
    },
    async getMany(keys) {
      guard();
      checkKeys(keys);
      return commits.read(() => keys.map(rows.get));
    },
    async query(query) {
      guard();
      checkQuery(query);
      const items = await commits.read(() => rows.query(query), query.index ? undefined : query.pk);
      return pageOf(items, query);
    },
    async write(write) {
      guard();
      const checked = checkWrite(write);
      return commits.submit(mark => applyWrite(rows, checked, mark));
    },
    async writeInOrder(groups) {
      guard();
      const checked = checkGroups(groups);
      const { written, error } = await commits.submit(mark => applyGroups(rows, checked, mark));
      if (error !== undefined) throw error;
      return written;
    },
    sweep: sweeping.sweep,
    counts: commits.counts,
    async close() {
      if (closed) return;
      closed = true;
      sweeping.stop();
      commits.flush();
      database.close();
    },
  };
}

function warn(error: Error): void {
  process.emitWarning(`expired items could not be deleted, the next sweep tries again: ${error.message}`);
}
