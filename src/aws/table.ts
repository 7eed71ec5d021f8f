import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../ports/clock.ts';
import type { Delete, Put, Table, Write, Written } from '../ports/table.ts';
import { systemClock } from './clock.ts';
import { compareUtf8 } from './compare-utf8.ts';
import type { Meter } from './meter.ts';
import { WRITES_PER_BATCH, writeBatch } from './table-batches.ts';
import type { Connection } from './table-connection.ts';
import { checkGroups, checkKey, checkKeys, checkQuery, checkWrite } from './table-limits.ts';
import { getItem, getItems, queryItems } from './table-read.ts';
import { writeOne } from './table-write.ts';

export type TableOptions = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Capacity is asked for only when there is a meter to count it. */
  readonly meter?: Meter;
  /** Pauses between tries of what a batch left over. Absent: the computer's. */
  readonly clock?: Pick<Clock, 'sleep'>;
  /** 0 ≤ x < 1, spreads those pauses. Absent: Math.random. */
  readonly random?: () => number;
};

/** Calls in flight at once for one group; the SDK's own limit is 50 sockets. */
const CALLS_AT_ONCE = 25;

/** The `table` port over DynamoDB. */
export function createTable(options: TableOptions): Table {
  const { client, tableName, meter, clock = systemClock, random = Math.random } = options;
  const connection: Connection = { client, tableName, meter, clock, random };
  return {
    async get(key, { consistent = false } = {}) {
      checkKey(key);
      return getItem(connection, key, consistent);
    },
    async getMany(keys, { consistent = false } = {}) {
      checkKeys(keys);
      return getItems(connection, keys, consistent);
    },
    async query(query) {
      checkQuery(query);
      // DynamoDB takes such a range for a mistake.
      const { from = '', to } = query;
      if (to !== undefined && (to === '' || compareUtf8(from, to) > 0)) return { items: [] };
      return queryItems(connection, query);
    },
    async write(write) {
      return writeOne(connection, checkWrite(write));
    },
    async writeInOrder(groups) {
      const all: Written[] = [];
      for (const group of checkGroups(groups)) {
        const written = await writeGroup(connection, group);
        all.push(...written);
        if (written.some(({ done }) => !done)) break;
      }
      return all;
    },
  };
}

async function writeGroup(connection: Connection, group: readonly Write[]): Promise<readonly Written[]> {
  const plain = group.filter(isPlain);
  const inBatches = plain.length > 1;
  const calls = chunks(inBatches ? plain : [], WRITES_PER_BATCH).map(chunk => async () => {
    await writeBatch(connection, chunk);
  });
  const written: Written[] = group.map(() => ({ done: true }));
  for (const [place, write] of group.entries()) {
    if (inBatches && isPlain(write)) continue;
    calls.push(async () => {
      written[place] = await writeOne(connection, write);
    });
  }
  await settleAll(calls);
  return written;
}

function isPlain(write: Write): write is Put | Delete {
  return !write.when && !('update' in write);
}

/** Throws the first error only when nothing is in flight any more, so that a caller who is told of it can act on it. */
async function settleAll(calls: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  const queue = calls.values();
  const lane = async () => {
    for (const call of queue) await call().catch(error => errors.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(CALLS_AT_ONCE, calls.length) }, lane));
  if (errors.length > 0) throw errors[0];
}

function chunks<Entry>(entries: readonly Entry[], size: number): readonly (readonly Entry[])[] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, n) => entries.slice(n * size, (n + 1) * size));
}
