/**
 * The one table of the product, in the vocabulary of single-item DynamoDB and nothing more. Conditions and changes are
 * data; only the AWS adapter knows expression strings. Limits are DynamoDB's: an item is at most 400 KiB, nesting 32.
 * JSON that users bring (inputs, outputs) is therefore stored as text by `src/store`.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export type Key = { readonly pk: string; readonly sk: string };

export type Item = Key & { readonly [name: string]: Value };

/**
 * The two secondary indexes. Both are sparse (an item without the attributes is not in it) and hold keys only: a query
 * of an index answers items that have `pk`, `sk` and the index's two attributes and nothing else.
 */
export const INDEXES = {
  gsi1: { pk: 'gsi1pk', sk: 'gsi1sk' },
  gsi2: { pk: 'gsi2pk', sk: 'gsi2sk' },
} as const;

export type IndexName = keyof typeof INDEXES;

/** Attribute with the time (whole seconds since the epoch) after which the item may vanish, at once or days later. */
export const TTL_ATTRIBUTE = 'expires_at';

/** A comparison with an attribute that is absent is false, whatever the operator (`<>` too). */
export type Test =
  | { readonly name: string; readonly is: 'absent' | 'present' }
  | {
      readonly name: string;
      readonly is: '=' | '<>' | '<' | '<=' | '>' | '>=';
      readonly value: string | number | boolean;
    };

/** Holds when any of the lists holds; a list holds when all of its tests do. An item that is not there has no attributes. */
export type Condition = readonly (readonly Test[])[];

export type Put = { readonly put: Item; readonly when?: Condition };

/** Creates the item when it is not there. `append` and `add` start from an empty list and from 0. */
export type Update = {
  readonly update: Key;
  readonly set?: Readonly<Record<string, Value>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
  readonly append?: Readonly<Record<string, readonly Value[]>>;
  readonly when?: Condition;
};

export type Delete = { readonly delete: Key; readonly when?: Condition };

export type Write = Put | Update | Delete;

/** `item`: after an update the whole new item; after a refusal what stands there (absent: nothing does). */
export type Written = { readonly done: boolean; readonly item?: Item };

/** Where a query stopped: the key of the last item it answered (with the index's attributes when it was of an index). */
export type Cursor = Readonly<Record<string, string>>;

export type Query = {
  readonly index?: IndexName;
  readonly pk: string;
  /** Sort keys that start with this. Not together with `from` and `to`. */
  readonly prefix?: string;
  /** Sort keys from here, inclusive. */
  readonly from?: string;
  /** Sort keys up to here, inclusive. */
  readonly to?: string;
  /** Descending order. Order is that of the UTF-8 bytes of the sort key. */
  readonly reverse?: boolean;
  /** At most this many items. Absent: all of them. */
  readonly limit?: number;
  readonly after?: Cursor;
  /** Not on an index. */
  readonly consistent?: boolean;
};

/** `next` is there when the query stopped at its limit; nothing may come after it all the same. */
export type Page = { readonly items: readonly Item[]; readonly next?: Cursor };

/**
 * Mistakes of the caller reject, in every home alike, with an error named `BadKey`, `BadQuery`, `BadValue`, `BadWrite`,
 * `ItemTooLarge` or `WrongType` (src/aws/table-error.ts); trying again does not help. Half surrogate pairs in values are
 * stored as U+FFFD. All that is known before a write is checked before any write of its sequence.
 */
export interface Table {
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Answers in the order of the keys. Limit: 100 keys. */
  getMany(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<readonly (Item | undefined)[]>;
  query(query: Query): Promise<Page>;
  /** Resolves when the write is durable, or refused by its condition. */
  write(write: Write): Promise<Written>;
  /**
   * One group after the other: a group is sent when all writes of the one before are durable; writes inside a group have
   * no order and are of different items. A refused write stops the sequence behind its group. Answers one entry per write
   * that was tried, in order.
   * Not a transaction: a crash may leave a prefix of the groups and a part of one.
   */
  writeInOrder(groups: readonly (readonly Write[])[]): Promise<readonly Written[]>;
}
