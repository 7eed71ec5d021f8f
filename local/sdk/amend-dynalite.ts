import { indexWriteUnits, readUnits, tableWriteUnits } from '../../src/aws/capacity.ts';
import { itemSize } from '../../src/aws/item-size.ts';
import { type Attributes, decodeItem } from '../../src/aws/table-codec.ts';
import { INDEX_NAMES } from '../../src/aws/table-definition.ts';

/**
 * Three ways in which dynalite 4.0.0 differs from DynamoDB, mended in its modules so that what the meter reads from its
 * answers is what AWS would bill. A test compares the units with those of dynoxide, an engine of its own.
 *  1. Writes to indexes are not counted, and sizes are taken in UTF-16 units.
 *  2. A query that finds nothing costs nothing.
 *  3. A refused condition does not bring what stands there (`ReturnValuesOnConditionCheckFailure`).
 */
export function amendDynalite(require: NodeJS.Require): void {
  const db = require('dynalite/db/index.js') as DynaliteDb; // as: the package brings no types
  if (amended.has(db)) return;
  amended.add(db);

  db.addConsumedCapacity = (request, isRead, first, second) =>
    isRead ? readCapacity(request, first ? [first] : []) : writeCapacity(request, first, second);

  const { queryTable, checkConditional } = db;
  db.queryTable = (store, table, request, options, isLocal, fetch, names, done) => {
    queryTable(store, table, request, options, isLocal, fetch, names, (error, result) => {
      const capacity = result?.Items && readCapacity(request, result.Items);
      done(error, capacity ? { ...result, ConsumedCapacity: capacity } : result);
    });
  };

  for (const action of ['putItem', 'updateItem', 'deleteItem']) {
    const { types } = require(`dynalite/validations/${action}.js`) as { types: Record<string, unknown> }; // as: no types
    types.ReturnValuesOnConditionCheckFailure = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
  }
  db.checkConditional = (request, existing) => {
    const refusal = checkConditional(request, existing);
    if (refusal && existing && request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD') refusal.body.Item = existing;
    return refusal;
  };
}

type Request = {
  readonly TableName: string;
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
  readonly ConsistentRead?: boolean;
};

type Capacity = { readonly TableName: string; readonly CapacityUnits: number };
type QueryResult = { readonly Items?: readonly Attributes[]; readonly ConsumedCapacity?: Capacity };
type Done = (error: unknown, result?: QueryResult) => void;

/** The functions that dynalite's actions call through this object. */
type DynaliteDb = {
  /** A get: the item. A put or update: the item before and after. A delete: the item before. */
  addConsumedCapacity(request: Request, isRead: boolean, first?: Attributes, second?: Attributes): Capacity | undefined;
  queryTable(
    store: unknown,
    table: unknown,
    request: Request,
    options: unknown,
    isLocal: unknown,
    fetch: unknown,
    names: unknown,
    done: Done,
  ): void;
  checkConditional(
    request: Request,
    existing?: Attributes,
  ): { readonly body: Record<string, unknown> } | null | undefined;
};

const amended = new WeakSet<DynaliteDb>();

function readCapacity(request: Request, items: readonly Attributes[]): Capacity | undefined {
  const bytes = items.reduce((sum, item) => sum + itemSize(decodeItem(item)), 0);
  return capacity(request, () => readUnits(bytes, request.ConsistentRead ?? false));
}

function writeCapacity(request: Request, before?: Attributes, after?: Attributes): Capacity | undefined {
  const [old, now] = [before && decodeItem(before), after && decodeItem(after)];
  return capacity(request, () =>
    INDEX_NAMES.reduce((sum, index) => sum + indexWriteUnits(index, old, now), tableWriteUnits(old, now)),
  );
}

function capacity({ TableName, ReturnConsumedCapacity: wanted }: Request, units: () => number): Capacity | undefined {
  return wanted === 'TOTAL' || wanted === 'INDEXES' ? { TableName, CapacityUnits: units() } : undefined;
}
