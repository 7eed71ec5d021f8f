import { BatchGetItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item, Key, Page, Query } from '../ports/table.ts';
import { retryLeftOver } from './table-batches.ts';
import { type Attributes, decodeItem, encodeItem } from './table-codec.ts';
import { askCapacity, type Connection, counted } from './table-connection.ts';
import { pageOf } from './table-cursor.ts';
import { compileKeys } from './table-expressions.ts';

export async function getItem(connection: Connection, { pk, sk }: Key, consistent: boolean): Promise<Item | undefined> {
  const { client, tableName } = connection;
  const command = new GetItemCommand({
    TableName: tableName,
    Key: encodeItem({ pk, sk }),
    ConsistentRead: consistent,
    ...askCapacity(connection),
  });
  const answer = await counted(connection, 'read', 'GetItem', () => client.send(command));
  return answer.Item && decodeItem(answer.Item);
}

export async function getItems(
  connection: Connection,
  keys: readonly Key[],
  consistent: boolean,
): Promise<readonly (Item | undefined)[]> {
  const { client, tableName } = connection;
  const id = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
  const found = new Map<string, Item>();
  // A key may be asked for twice here; DynamoDB refuses that.
  const wanted = new Map(keys.map(key => [id(key), encodeItem({ pk: key.pk, sk: key.sk })]));
  await retryLeftOver<Attributes>(connection, 'BatchGetItem', [...wanted.values()], async rest => {
    const command = new BatchGetItemCommand({
      RequestItems: { [tableName]: { Keys: [...rest], ConsistentRead: consistent } },
      ...askCapacity(connection),
    });
    const answer = await counted(connection, 'read', 'BatchGetItem', () => client.send(command));
    for (const attributes of answer.Responses?.[tableName] ?? []) {
      const item = decodeItem(attributes);
      found.set(id(item), item);
    }
    return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  });
  return keys.map(key => found.get(id(key)));
}

/** A page of DynamoDB ends after 1 MiB at the latest; the query goes on until its limit or the end. */
export async function queryItems(connection: Connection, query: Query): Promise<Page> {
  const { client, tableName } = connection;
  const { index, limit, reverse, consistent } = query;
  const items: Item[] = [];
  let start = query.after && encodeItem(query.after);
  do {
    const command = new QueryCommand({
      TableName: tableName,
      ...(index && { IndexName: index }),
      ...compileKeys(query),
      ScanIndexForward: !reverse,
      ConsistentRead: consistent ?? false,
      ...(limit !== undefined && { Limit: limit - items.length }),
      ...(start && { ExclusiveStartKey: start }),
      ...askCapacity(connection),
    });
    const answer = await counted(connection, 'read', 'Query', () => client.send(command));
    for (const attributes of answer.Items ?? []) items.push(decodeItem(attributes));
    start = answer.LastEvaluatedKey;
  } while (start && (limit === undefined || items.length < limit));
  return pageOf(items, query);
}
