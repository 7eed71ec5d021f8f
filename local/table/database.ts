import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { INDEXES, TTL_ATTRIBUTE } from '../../src/ports/table.ts';

/** Of the file; a file with another number was made by another version of this program. */
const SCHEMA_VERSION = 1;

/** Milliseconds to wait for a process that is just ending to let go of the file. */
const LOCK_TIMEOUT = 1000;

/** Pages in the log before a commit copies them into the file and starts the log anew. */
const PAGES_PER_CHECKPOINT = 4000;

/** A page with its frame header, and the header of the log: https://www.sqlite.org/fileformat2.html#walformat */
const LOG_BYTES = 32 + PAGES_PER_CHECKPOINT * (24 + 4096);

/**
 * The whole item is in `body`; the other columns repeat what is searched. Both columns of an index are null when the item
 * is not in it. Text compares as UTF-8 bytes (collation BINARY), as DynamoDB orders.
 */
const SCHEMA = `
  CREATE TABLE items (
    pk TEXT NOT NULL, sk TEXT NOT NULL, body TEXT NOT NULL,
    ${INDEXES.gsi1.pk} TEXT, ${INDEXES.gsi1.sk} TEXT, ${INDEXES.gsi2.pk} TEXT, ${INDEXES.gsi2.sk} TEXT,
    ${TTL_ATTRIBUTE} REAL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  ${Object.entries(INDEXES)
    .map(([name, { pk, sk }]) => `CREATE INDEX ${name} ON items (${pk}, ${sk}, pk, sk) WHERE ${pk} IS NOT NULL;`)
    .join('\n')}
  CREATE INDEX expiry ON items (${TTL_ATTRIBUTE}) WHERE ${TTL_ATTRIBUTE} IS NOT NULL;
`;

/**
 * Opens or creates the file and takes it for this process alone. The lock is the kernel's, so it ends with the process
 * however that ends. Nothing else in this process may open and close the same file: that would drop the lock
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export function openDatabase(file: string): DatabaseSync {
  const database = openFile(file);
  try {
    // EXCLUSIVE before the first access: no shared memory file, and the lock is held until the end.
    // FULL: a commit is on disk when COMMIT returns. https://www.sqlite.org/pragma.html#pragma_synchronous
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${PAGES_PER_CHECKPOINT};
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
    `);
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    else if (version !== SCHEMA_VERSION) {
      throw new Error(
        `${file} has version ${version} of the table; this program knows version ${SCHEMA_VERSION}; choose another folder with --data`,
      );
    }
    // A write, so that the lock is taken and the log is there.
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    if (file !== ':memory:') growLog(`${file}-wal`);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /database is locked/.test(error.message)) {
      throw new Error(
        `${file} is in use by another process; stop that one first, or choose another folder with --data`,
        {
          cause: error,
        },
      );
    }
    throw explained(file, error);
  }
}

/** https://www.sqlite.org/rescode.html#notadb and #corrupt */
const [NOT_A_DATABASE, CORRUPT] = [26, 11];

/** What SQLite says, with the file, which it never names, and what to do. */
function explained(file: string, error: unknown): unknown {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return error;
  const broken = [NOT_A_DATABASE, CORRUPT].includes(error.errcode & 0xff);
  const remedy = broken
    ? 'move it away to begin with an empty one, or choose another folder with --data'
    : 'see that the file and its folder are writable and the disk has room, or choose another folder with --data';
  return new Error(`${file} cannot be used: ${error.message}; ${remedy}`, { cause: error });
}

function openFile(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') createFile(file);
    return new DatabaseSync(file, { timeout: LOCK_TIMEOUT });
  } catch (cause) {
    throw new Error(`${file} cannot be opened; it must be a file, and its folder must be there and writable`, {
      cause,
    });
  }
}

/**
 * For its owner only; SQLite gives the log beside it the same mode. A file that is there is not touched: to open and close it
 * here could drop the lock of the one who has it.
 */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/**
 * Writes zeros behind the log up to the size it will have. An fsync of bytes written in place costs a half to a quarter of
 * one that also has to record a new size (ext4). SQLite ends its log where a frame's checksum is wrong, and zeros are.
 */
function growLog(path: string): void {
  const log = openSync(path, 'r+');
  try {
    const { size } = fstatSync(log);
    if (size >= LOG_BYTES) return;
    writeSync(log, Buffer.alloc(LOG_BYTES - size), 0, LOG_BYTES - size, size);
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}
