import { isDeepStrictEqual } from 'node:util';
import type {
  Condition,
  Cursor,
  Item,
  Key,
  Query,
  Table,
  Test,
  Update,
  Value,
  Write,
  Written,
} from '../../../src/ports/table.ts';

type Fields = Record<string, Value>;

/**
 * The contract of the `table` port in its plainest form: an array, scanned for everything. It takes only what the limits
 * allow, and shares no code with the adapters.
 */
export function createModel(): Table {
  let items: Fields[] = [];

  const find = ({ pk, sk }: Key) => items.find(item => item.pk === pk && item.sk === sk);
  const without = ({ pk, sk }: Key) => items.filter(item => item.pk !== pk || item.sk !== sk);
  const copy = (item: Fields | undefined) => structuredClone(item) as Item | undefined; // as: only items come in

  function write(one: Write): Written {
    const key = 'put' in one ? one.put : 'update' in one ? one.update : one.delete;
    const standing = find(key);
    if (one.when && !holds(one.when, standing ?? {})) {
      return standing ? { done: false, item: copy(standing) as Item } : { done: false }; // as: it is there
    }
    if ('update' in one) {
      const next = updated(standing ?? { pk: key.pk, sk: key.sk }, one);
      items = [...without(key), next];
      return { done: true, item: copy(next) as Item }; // as: it is there
    }
    items = 'put' in one ? [...without(key), structuredClone(one.put)] : without(key);
    return { done: true };
  }

  return {
    get: async key => copy(find(key)),
    getMany: async keys => keys.map(key => copy(find(key))),
    async query(query) {
      const found = search(items, query);
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      return last && page.length === query.limit ? { items: page, next: cursorOf(last, query) } : { items: page };
    },
    write: async one => write(one),
    async writeInOrder(groups) {
      const all: Written[] = [];
      for (const group of groups) {
        const errors: unknown[] = [];
        const written: Written[] = [];
        for (const one of group) {
          try {
            written.push(write(one));
          } catch (error) {
            errors.push(error);
          }
        }
        if (errors.length > 0) throw errors[0];
        all.push(...written);
        if (written.some(({ done }) => !done)) break;
      }
      return all;
    },
  };
}

const KEYS = {
  table: ['pk', 'sk'],
  gsi1: ['gsi1pk', 'gsi1sk'],
  gsi2: ['gsi2pk', 'gsi2sk'],
} as const;

function search(items: readonly Fields[], { index, pk, prefix = '', from = '', to, reverse, after }: Query): Item[] {
  const [hash, range] = KEYS[index ?? 'table'];
  const names = index ? ['pk', 'sk', hash, range] : undefined;
  const place = (item: Fields | Cursor) => [range, 'pk', 'sk'].map(name => Buffer.from(String(item[name])));
  const order = (a: Fields | Cursor, b: Fields | Cursor) => {
    const [x, y] = [place(a), place(b)];
    const sign = x.map((bytes, i) => bytes.compare(y[i] ?? Buffer.alloc(0))).find(result => result !== 0) ?? 0;
    return reverse ? -sign : sign;
  };
  return items
    .filter(item => item[hash] === pk && item[range] !== undefined)
    .filter(item => {
      const at = Buffer.from(String(item[range]));
      const low = Buffer.from(from).compare(at) <= 0;
      const high = to === undefined || at.compare(Buffer.from(to)) <= 0;
      return low && high && at.subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix));
    })
    .sort(order)
    .filter(item => !after || order(item, after) > 0)
    .map(item => structuredClone(names ? pick(item, names) : item) as Item); // as: every item has its key
}

function cursorOf(item: Item, { index }: Query): Cursor {
  return pick(item, [...new Set(['pk', 'sk', ...KEYS[index ?? 'table']])]) as Cursor; // as: keys are strings
}

function pick(item: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map(name => [name, item[name] ?? null]));
}

function updated(item: Fields, { set = {}, add = {}, append = {}, remove = [] }: Update): Fields {
  const next = structuredClone({ ...item, ...set });
  for (const [name, amount] of Object.entries(add)) {
    const old = Object.hasOwn(item, name) ? item[name] : 0;
    if (typeof old !== 'number') throw named('WrongType');
    next[name] = Number((old + amount).toPrecision(15));
  }
  for (const [name, values] of Object.entries(append)) {
    const old = Object.hasOwn(item, name) ? item[name] : [];
    if (!Array.isArray(old)) throw named('WrongType');
    next[name] = structuredClone([...old, ...values]);
  }
  for (const name of remove) delete next[name];
  return next;
}

function holds(condition: Condition, item: Fields): boolean {
  return condition.some(tests => tests.every(test => testHolds(test, item)));
}

function testHolds(test: Test, item: Fields): boolean {
  const there = Object.hasOwn(item, test.name);
  const value = item[test.name];
  if (!('value' in test)) return there === (test.is === 'present');
  if (!there) return false;
  if (test.is === '=') return isDeepStrictEqual(value, test.value);
  if (test.is === '<>') return !isDeepStrictEqual(value, test.value);
  if (typeof value !== typeof test.value) return false;
  const sign =
    typeof value === 'string'
      ? Buffer.from(value).compare(Buffer.from(String(test.value)))
      : Number(value) - Number(test.value);
  return { '<': sign < 0, '<=': sign <= 0, '>': sign > 0, '>=': sign >= 0 }[test.is];
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
