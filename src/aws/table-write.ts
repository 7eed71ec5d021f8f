import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Delete, Key, Put, Update, Write, Written } from '../ports/table.ts';
import { tableWriteUnits } from './capacity.ts';
import { type Attributes, decodeItem, encodeItem } from './table-codec.ts';
import { askCapacity, type Connection, counted } from './table-connection.ts';
import { tableError } from './table-error.ts';
import { compileCondition, compileUpdate } from './table-expressions.ts';
import { keyOf } from './table-limits.ts';
import { getItem } from './table-read.ts';

/**
 * One write by itself. Limit of all DynamoDB writes: when an answer is lost on the way, the SDK sends the write again, so a
 * condition may be refused by the write's own first try. The caller sees it by the item that comes with the refusal.
 */
export async function writeOne(connection: Connection, write: Write): Promise<Written> {
  try {
    if ('put' in write) return await putItem(connection, write);
    if ('update' in write) return await updateItem(connection, write);
    return await deleteItem(connection, write);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return refused(connection, keyOf(write), error.Item);
    throw told(error, keyOf(write));
  }
}

async function putItem(connection: Connection, { put, when }: Put): Promise<Written> {
  const { client, tableName } = connection;
  const command = new PutItemCommand({
    TableName: tableName,
    Item: encodeItem(put),
    ...conditional(compileCondition(when)),
    ...askCapacity(connection),
  });
  await counted(connection, 'write', 'PutItem', () => client.send(command));
  return { done: true };
}

async function deleteItem(connection: Connection, { delete: key, when }: Delete): Promise<Written> {
  const { client, tableName } = connection;
  const command = new DeleteItemCommand({
    TableName: tableName,
    Key: encodeItem({ pk: key.pk, sk: key.sk }),
    ...conditional(compileCondition(when)),
    ...askCapacity(connection),
  });
  await counted(connection, 'write', 'DeleteItem', () => client.send(command));
  return { done: true };
}

async function updateItem(connection: Connection, write: Update): Promise<Written> {
  const { client, tableName } = connection;
  const command = new UpdateItemCommand({
    TableName: tableName,
    Key: encodeItem({ pk: write.update.pk, sk: write.update.sk }),
    ReturnValues: 'ALL_NEW',
    ...conditional(compileUpdate(write)),
    ...askCapacity(connection),
  });
  const answer = await counted(connection, 'write', 'UpdateItem', () => client.send(command));
  return { done: true, ...(answer.Attributes && { item: decodeItem(answer.Attributes) }) };
}

/** A refusal carries what stands there, at no charge; only with a condition may it be asked for. */
function conditional<Expression extends { ConditionExpression?: string }>(expression: Expression) {
  return {
    ...expression,
    ...(expression.ConditionExpression && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
  };
}

async function refused(connection: Connection, key: Key, brought: Attributes | undefined): Promise<Written> {
  // Some engines bring nothing; on AWS that means that nothing stands there, which costs this read to know.
  const item = brought ? decodeItem(brought) : await getItem(connection, key, true);
  // Billed, but not in the answer: "still consumes write capacity", by the size of what stands there.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
  connection.meter?.write(tableWriteUnits(item));
  return item ? { done: false, item } : { done: false };
}

/** The two refusals of DynamoDB that only the stored item decides, under the names both homes use. */
function told(error: unknown, { pk, sk }: Key): unknown {
  if (!(error instanceof Error) || error.name !== 'ValidationException') return error;
  if (/maximum allowed size/i.test(error.message)) {
    return tableError('ItemTooLarge', `the item ${pk} / ${sk} would be over 400 KiB: ${error.message}`, error);
  }
  if (/operand/i.test(error.message)) {
    return tableError(
      'WrongType',
      `the item ${pk} / ${sk} has another type where \`add\` needs a number or \`append\` a list: ${error.message}`,
      error,
    );
  }
  return error;
}
