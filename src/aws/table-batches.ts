import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Delete, Put } from '../ports/table.ts';
import { encodeItem } from './table-codec.ts';
import { askCapacity, type Connection, counted } from './table-connection.ts';

/** BatchWriteItem takes this many writes. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const WRITES_PER_BATCH = 25;

const MAX_TRIES = 8;
/** Milliseconds; doubled for each further try, up to 6.4 s before the last, times a random share. */
const FIRST_PAUSE = 50;

/** At most 25 puts and deletes without conditions, of different keys. */
export async function writeBatch(connection: Connection, writes: readonly (Put | Delete)[]): Promise<void> {
  const { client, tableName } = connection;
  await retryLeftOver(connection, 'BatchWriteItem', writes.map(toRequest), async rest => {
    const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: [...rest] }, ...askCapacity(connection) });
    const answer = await counted(connection, 'write', 'BatchWriteItem', () => client.send(command));
    return answer.UnprocessedItems?.[tableName] ?? [];
  });
}

/**
 * Calls `send` until it leaves nothing over. A throttled table leaves parts of a batch, and asks to pause before the rest:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.BatchOperations
 */
export async function retryLeftOver<Entry>(
  { clock, random, tableName }: Connection,
  name: string,
  entries: readonly Entry[],
  send: (rest: readonly Entry[]) => Promise<readonly Entry[]>,
): Promise<void> {
  let rest = entries;
  for (let tried = 0; rest.length > 0; tried++) {
    if (tried === MAX_TRIES) {
      throw new Error(
        `${name} on ${tableName} left ${rest.length} of ${entries.length} entries over after ${MAX_TRIES} tries; ` +
          'the table is throttled: look at its capacity and at hot partitions',
      );
    }
    if (tried > 0) await clock.sleep(random() * FIRST_PAUSE * 2 ** tried);
    rest = await send(rest);
  }
}

function toRequest(write: Put | Delete): WriteRequest {
  if ('put' in write) return { PutRequest: { Item: encodeItem(write.put) } };
  return { DeleteRequest: { Key: encodeItem({ pk: write.delete.pk, sk: write.delete.sk }) } };
}
