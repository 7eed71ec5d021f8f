import { DatabaseSync } from 'node:sqlite';
import { createGroupCommit } from '../table/group-commit.ts';

/** One event on its way to one target. */
export type Delivery = {
  readonly event: string;
  readonly target: string;
  /** How many times it was tried. */
  readonly attempts: number;
  /** Milliseconds since the epoch: not before. */
  readonly due: number;
};

/** What was tried as often as it may be. */
export type DeadLetter = {
  readonly event: string;
  readonly target: string;
  readonly attempts: number;
  readonly diedAt: number;
  readonly reason: string;
  /** JSON text of the event as it was delivered. */
  readonly body: string;
};

export type BusFile = {
  /** Resolves when all of it is on disk. */
  keep(
    events: readonly { readonly id: string; readonly body: string }[],
    deliveries: readonly Delivery[],
  ): Promise<void>;
  body(event: string): string | undefined;
  postpone(delivery: Delivery): Promise<void>;
  /** It arrived. */
  finish(delivery: Delivery): Promise<void>;
  bury(delivery: Delivery, reason: string, diedAt: number): Promise<void>;
  /** Takes dead letters up again, as deliveries that were not tried yet. */
  revive(letters: readonly DeadLetter[], due: number): Promise<readonly Delivery[]>;
  /** In the order in which they were kept. */
  waiting(): readonly Delivery[];
  dead(): readonly DeadLetter[];
  close(): void;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    event TEXT NOT NULL, target TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
    PRIMARY KEY (event, target)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS dead_letters (
    event TEXT NOT NULL, target TEXT NOT NULL, attempts INTEGER NOT NULL, died_at INTEGER NOT NULL,
    reason TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (event, target)
  ) STRICT;
`;

/** What a bus must not lose. Locked and written through to the disk as the table is (`table/database.ts`). */
export function openBusFile(file: string): BusFile {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`);
  const commit = createGroupCommit(database);
  const addEvent = database.prepare('INSERT INTO events (id, body) VALUES (?, ?)');
  const addAgain = database.prepare('INSERT OR IGNORE INTO events (id, body) VALUES (?, ?)');
  const dropDead = database.prepare('DELETE FROM dead_letters WHERE event = ? AND target = ?');
  const setDelivery = database.prepare('REPLACE INTO deliveries (event, target, attempts, due) VALUES (?, ?, ?, ?)');
  const dropDelivery = database.prepare('DELETE FROM deliveries WHERE event = ? AND target = ?');
  const dropEvent = database.prepare(
    'DELETE FROM events WHERE id = ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event = events.id)',
  );
  const addDead = database.prepare(
    'REPLACE INTO dead_letters (event, target, attempts, died_at, reason, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const readBody = database.prepare('SELECT body FROM events WHERE id = ?');
  const readWaiting = database.prepare('SELECT event, target, attempts, due FROM deliveries ORDER BY rowid');
  const readDead = database.prepare(
    'SELECT event, target, attempts, died_at AS diedAt, reason, body FROM dead_letters ORDER BY died_at, rowid',
  );

  const write = (work: () => void): Promise<void> =>
    commit.submit(changed => {
      work();
      changed('bus');
    });
  const set = ({ event, target, attempts, due }: Delivery) => setDelivery.run(event, target, attempts, due);
  const drop = ({ event, target }: Delivery): void => {
    dropDelivery.run(event, target);
    dropEvent.run(event);
  };
  const body = (event: string): string | undefined => {
    const found = readBody.get(event)?.body;
    return typeof found === 'string' ? found : undefined;
  };
  return {
    keep: (events, deliveries) =>
      write(() => {
        for (const event of events) addEvent.run(event.id, event.body);
        for (const delivery of deliveries) set(delivery);
      }),
    body,
    postpone: delivery => write(() => void set(delivery)),
    finish: delivery => write(() => drop(delivery)),
    bury: (delivery, reason, diedAt) =>
      write(() => {
        const { event, target, attempts } = delivery;
        addDead.run(event, target, attempts, diedAt, reason, body(event) ?? '');
        drop(delivery);
      }),
    async revive(letters, due) {
      const revived = letters.map(({ event, target }): Delivery => ({ event, target, attempts: 0, due }));
      await write(() => {
        for (const { event, target, body: text } of letters) {
          addAgain.run(event, text);
          dropDead.run(event, target);
        }
        for (const delivery of revived) set(delivery);
      });
      return revived;
    },
    // as, twice: the columns of the tables above
    waiting: () => readWaiting.all() as Delivery[],
    dead: () => readDead.all() as DeadLetter[],
    close() {
      commit.flush();
      database.close();
    },
  };
}
