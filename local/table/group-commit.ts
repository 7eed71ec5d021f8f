import type { DatabaseSync } from 'node:sqlite';

/** Writes that share one transaction and one fsync: all that come before the event loop has gone round once. */
type Window = {
  readonly durable: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
  /** Of the partitions that the writes so far have changed. */
  readonly changed: Set<string>;
  writes: number;
};

export type GroupCommit = {
  /** Runs `work` at once, in the order of the calls; the promise resolves with its answer when that is on disk. */
  submit<Answer>(work: (changed: (partition: string) => void) => Answer): Promise<Answer>;
  /**
   * Runs `read` at once; the promise resolves when nothing it may have seen can be lost any more. `partition`: the only one
   * it reads; absent: it may read any.
   */
  read<Answer>(read: () => Answer, partition?: string): Promise<Answer>;
  /** Commits now what waits. */
  flush(): void;
  counts(): { readonly commits: number; readonly writes: number };
};

/**
 * One fsync costs as much as ten writes, so writes run in an open transaction that is committed once for all of them.
 * The fsync blocks the event loop (0.1–0.2 ms on the machine of docs/performance.md); an fsync in the thread pool was
 * slower there while the disk was quiet, and may be faster on a disk with slow flushes.
 */
export function createGroupCommit(database: DatabaseSync): GroupCommit {
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  let open: Window | undefined;
  let [commits, writes] = [0, 0];

  function openWindow(): Window {
    begin.run();
    const { promise: durable, resolve, reject } = Promise.withResolvers<void>();
    // Each write awaits it by itself; a window in which none is left to do so must not end the process.
    durable.catch(ignore);
    setImmediate(() => {
      if (open === window) flush();
    });
    const window: Window = { durable, resolve, reject, changed: new Set(), writes: 0 };
    open = window;
    return window;
  }

  function flush(): void {
    if (!open) return;
    const window = open;
    try {
      commit.run();
    } catch (cause) {
      fail(window, cause);
      return;
    }
    open = undefined;
    if (window.writes > 0) commits += 1;
    writes += window.writes;
    window.resolve();
  }

  function fail(window: Window, cause: unknown): Error {
    open = undefined;
    // After some errors (disk full) SQLite has rolled back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new Error(`the data could not be written, nothing of this write is stored: ${why}`, { cause });
    window.reject(error);
    return error;
  }

  return {
    async submit(work) {
      const window = open ?? openWindow();
      let answer: ReturnType<typeof work>;
      try {
        answer = work(partition => {
          window.changed.add(partition);
          window.writes += 1;
        });
      } catch (error) {
        throw isOfSqlite(error) ? fail(window, error) : error;
      }
      await window.durable;
      return answer;
    },
    async read(read, partition) {
      for (;;) {
        const answer = read();
        const window = open;
        const mayBeLost = window && (partition === undefined ? window.writes > 0 : window.changed.has(partition));
        // When the commit fails, what was read is not there: read again.
        if (!mayBeLost || (await window.durable.then(yes, no))) return answer;
      }
    },
    flush,
    counts: () => ({ commits, writes }),
  };
}

export function isOfSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

const ignore = (): void => undefined;
const yes = (): boolean => true;
const no = (): boolean => false;
