import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkItemSize } from '../../src/aws/table-limits.ts';
import { INDEXES, type Item, type Key, type Query, TTL_ATTRIBUTE, type Value } from '../../src/ports/table.ts';
import { querySql } from './query-sql.ts';

export type Rows = {
  get(key: Key): Item | undefined;
  put(item: Item): void;
  /** A put that knows what stands there, which spares the indexes that stay as they are. */
  replace(old: Item | undefined, item: Item): void;
  delete(key: Key): void;
  query(query: Query): readonly Item[];
  /** Deletes at most `limit` items that expired before `seconds` and answers how many. */
  deleteExpired(seconds: number, limit: number): number;
};

/** A char of JSON text stands for at most 3 bytes of an item as DynamoDB counts: below this no item is too large. */
const SURELY_SMALL_ENOUGH = Math.floor((400 * 1024) / 3);

const COLUMNS = [...Object.values(INDEXES).flatMap(({ pk, sk }) => [pk, sk]), TTL_ATTRIBUTE];

/** The statements on the one SQL table; each is prepared once. */
export function createRows(database: DatabaseSync): Rows {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    known.setReturnArrays(true);
    statements.set(sql, known);
    return known;
  };
  const names = ['pk', 'sk', 'body', ...COLUMNS];
  const insert = `INSERT INTO items (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const all = ['body', ...COLUMNS];
  const upsert = database.prepare(
    `${insert} ON CONFLICT (pk, sk) DO UPDATE SET ${all.map(name => `${name} = excluded.${name}`).join(', ')}`,
  );
  // Without index columns in it, this one leaves the indexes alone.
  const replaceBody = database.prepare('UPDATE items SET body = ? WHERE pk = ? AND sk = ?');
  const select = prepared('SELECT body FROM items WHERE pk = ? AND sk = ?');
  const remove = database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?');
  const removeExpired = database.prepare(
    `DELETE FROM items WHERE (pk, sk) IN
       (SELECT pk, sk FROM items WHERE ${TTL_ATTRIBUTE} IS NOT NULL AND ${TTL_ATTRIBUTE} < ? LIMIT ?)`,
  );

  return {
    get({ pk, sk }) {
      const row = select.get(pk, sk);
      return row && parse(row);
    },
    put(item) {
      upsert.run(item.pk, item.sk, textOf(item), ...searched(item));
    },
    replace(old, item) {
      if (old && COLUMNS.every(name => old[name] === item[name])) replaceBody.run(textOf(item), item.pk, item.sk);
      else this.put(item);
    },
    delete({ pk, sk }) {
      remove.run(pk, sk);
    },
    query(query) {
      const { text, values } = querySql(query);
      const rows = prepared(text).all(...values);
      if (!query.index) return rows.map(parse);
      const { pk, sk } = INDEXES[query.index];
      return rows.map(row => {
        const [itemPk, itemSk, indexPk, indexSk] = Object.values(row).map(String);
        return { pk: itemPk, sk: itemSk, [pk]: indexPk, [sk]: indexSk } as Item; // as: the columns are not null
      });
    },
    deleteExpired: (seconds, limit) => Number(removeExpired.run(seconds, limit).changes),
  };
}

function textOf(item: Item): string {
  const text = JSON.stringify(item);
  if (text.length > SURELY_SMALL_ENOUGH) checkItemSize(item);
  return text;
}

function parse(row: unknown): Item {
  const [body] = row as [string]; // as: the statement answers arrays of one text
  return JSON.parse(body) as Item; // as: written by `put`
}

function searched(item: Item): (string | number | null)[] {
  const columns: (string | number | null)[] = [];
  for (const { pk, sk } of Object.values(INDEXES)) {
    const [hash, range] = [item[pk], item[sk]];
    const inIndex = typeof hash === 'string' && typeof range === 'string';
    columns.push(...(inIndex ? [hash, range] : [null, null]));
  }
  const expires: Value | undefined = item[TTL_ATTRIBUTE];
  columns.push(typeof expires === 'number' ? expires : null);
  return columns;
}
