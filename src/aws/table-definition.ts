import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { INDEXES, type IndexName } from '../ports/table.ts';

/** The table's own key. Its indexes are `INDEXES` of the port, its time-to-live attribute `TTL_ATTRIBUTE`. */
export const TABLE_KEY = { pk: 'pk', sk: 'sk' } as const;

export const INDEX_NAMES = Object.keys(INDEXES) as readonly IndexName[]; // as: Object.keys forgets the names

const keySchema = (key: { readonly pk: string; readonly sk: string }) => [
  { AttributeName: key.pk, KeyType: 'HASH' as const },
  { AttributeName: key.sk, KeyType: 'RANGE' as const },
];

/** What the CDK stack says in its own words; for the engines of tests and of `npm start -- --sdk`. */
export function createTableDefinition(tableName: string): CreateTableCommandInput {
  const keys = [TABLE_KEY, ...INDEX_NAMES.map(name => INDEXES[name])];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys
      .flatMap(key => [key.pk, key.sk])
      .map(name => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: keySchema(TABLE_KEY),
    GlobalSecondaryIndexes: INDEX_NAMES.map(name => ({
      IndexName: name,
      KeySchema: keySchema(INDEXES[name]),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  };
}
