/**
 * DynamoDB's limits, told before anything is sent or stored, so that what works in one home works in the other.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import {
  type Condition,
  type Cursor,
  INDEXES,
  type Item,
  type Key,
  type Put,
  type Query,
  type Update,
  type Write,
} from '../ports/table.ts';
import { compareUtf8 } from './compare-utf8.ts';
import { itemSize, keySize, valueSize } from './item-size.ts';
import { tableError } from './table-error.ts';

export const MAX_ITEM_BYTES = 400 * 1024;
export const MAX_KEYS_PER_READ = 100;
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;
/** An expression is at most 4 KB and 300 operators; an `append` compiles to about the text of four other changes. */
const MAX_CHANGES = 300;
const APPEND_WEIGHT = 4;
const MAX_TESTS = 100;

const MAX_BYTES_OF_KEY: ReadonlyMap<string, number> = new Map(
  [{ pk: 'pk', sk: 'sk' }, ...Object.values(INDEXES)].flatMap(key => [
    [key.pk, MAX_PARTITION_KEY_BYTES],
    [key.sk, MAX_SORT_KEY_BYTES],
  ]),
);

/** Checks all groups, so that a sequence with a bad write does nothing at all. Answers them as they are to be stored. */
export function checkGroups(groups: readonly (readonly Write[])[]): readonly (readonly Write[])[] {
  return groups.map(group => {
    const keys = new Set<string>();
    return group.map(write => {
      const { pk, sk } = keyOf(write);
      const key = JSON.stringify([pk, sk]);
      if (keys.has(key)) {
        throw tableError('BadWrite', `${pk} / ${sk} is written twice in one group; put the writes in two groups`);
      }
      keys.add(key);
      return checkWrite(write);
    });
  });
}

/** Answers the write as it is to be stored: half surrogate pairs, which have no UTF-8, become U+FFFD. */
export function checkWrite(write: Write): Write {
  if (write.when) checkCondition(write.when);
  if ('put' in write) return checkPut(write);
  if ('update' in write) return checkUpdate(write);
  checkKey(write.delete);
  return write;
}

export function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'update' in write ? write.update : write.delete;
}

export function checkKey(key: Key): void {
  checkKeyValue('pk', key.pk);
  checkKeyValue('sk', key.sk);
}

export function checkKeys(keys: readonly Key[]): void {
  if (keys.length > MAX_KEYS_PER_READ) {
    throw tableError('BadQuery', `getMany takes at most ${MAX_KEYS_PER_READ} keys, not ${keys.length}`);
  }
  for (const key of keys) checkKey(key);
}

/** For what an update made of an item; a put is checked before. */
export function checkItemSize(item: Item): void {
  refuseOver(itemSize(item), item);
}

export function checkQuery(query: Query): void {
  const { index, pk, prefix, from, to, limit, after, consistent } = query;
  const names = index ? INDEXES[index] : { pk: 'pk', sk: 'sk' };
  checkKeyValue(names.pk, pk);
  for (const bound of [prefix, from, to]) if (bound) checkKeyValue(names.sk, bound);
  if (prefix !== undefined && (from !== undefined || to !== undefined)) {
    throw tableError('BadQuery', 'a query takes `prefix` or `from` and `to`, not both');
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw tableError('BadQuery', `the limit of a query is a whole number from 1, not ${limit}`);
  }
  if (index && consistent) throw tableError('BadQuery', `a query of the index ${index} cannot be consistent`);
  if (after) checkCursor(after, query, names);
}

function checkCursor(after: Cursor, query: Query, names: Key): void {
  const expected = new Set(['pk', 'sk', names.pk, names.sk]);
  const fits = Object.keys(after).length === expected.size && [...expected].every(name => after[name]);
  const at = after[names.sk] ?? '';
  const low = query.from ?? query.prefix ?? '';
  const inRange =
    compareUtf8(at, low) >= 0 &&
    at.startsWith(query.prefix ?? '') &&
    (query.to === undefined || compareUtf8(at, query.to) <= 0);
  if (!fits || after[names.pk] !== query.pk || !inRange) {
    throw tableError('BadQuery', `the cursor is not one of this query of ${query.index ?? 'the table'} at ${query.pk}`);
  }
}

function checkPut(write: Put): Write {
  for (const [name, max] of MAX_BYTES_OF_KEY) {
    if (name in write.put || name === 'pk' || name === 'sk') checkKeyValue(name, write.put[name], max);
  }
  const item = wellFormed(write.put);
  refuseOver(itemSize(item), item);
  return item === write.put ? write : { ...write, put: item };
}

function checkUpdate(write: Update): Write {
  checkKey(write.update);
  const { set = {}, add = {}, append = {}, remove = [] } = write;
  const names = [set, add, append].flatMap(Object.keys).concat(remove);
  if (names.length + Object.keys(append).length * (APPEND_WEIGHT - 1) > MAX_CHANGES) {
    throw tableError('BadWrite', `an update changes at most ${MAX_CHANGES} attributes (an append counts as 4)`);
  }
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw tableError('BadWrite', `an update changes \`${twice}\` twice`);
  for (const name of names) {
    if (name === 'pk' || name === 'sk') throw tableError('BadWrite', `an update cannot change the key \`${name}\``);
    const max = MAX_BYTES_OF_KEY.get(name);
    if (max !== undefined && !remove.includes(name)) checkKeyValue(name, set[name], max);
    keySize(name);
  }
  const changes = { set: wellFormed(set), append: wellFormed(append) };
  const size = [changes.set, add, changes.append].flatMap(Object.entries).reduce((sum, [name, value]) => {
    return sum + valueSize(value, name);
  }, 0);
  refuseOver(size, write.update);
  if (changes.set === set && changes.append === append) return write;
  return { ...write, ...changes };
}

function checkCondition(condition: Condition): void {
  const tests = condition.flat();
  if (tests.length > MAX_TESTS) throw tableError('BadWrite', `a condition has at most ${MAX_TESTS} tests`);
  for (const test of tests) {
    if (!('value' in test)) continue;
    const { name, is, value } = test;
    if (typeof value === 'boolean' && is !== '=' && is !== '<>') {
      throw tableError('BadWrite', `the condition on \`${name}\` orders a boolean; ${is} takes a string or a number`);
    }
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw tableError('BadWrite', `the condition on \`${name}\` has a value that is not well-formed Unicode`);
    }
    valueSize(value, name);
  }
}

function checkKeyValue(name: string, value: unknown, max = MAX_BYTES_OF_KEY.get(name) ?? 0): void {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed() || Buffer.byteLength(value) > max) {
    const what = typeof value === 'string' ? `a string of ${Buffer.byteLength(value)} bytes` : `${value}`;
    throw tableError('BadKey', `the key \`${name}\` must be well-formed text of 1 to ${max} bytes; it is ${what}`);
  }
}

function refuseOver(bytes: number, { pk, sk }: Key): void {
  if (bytes > MAX_ITEM_BYTES) {
    throw tableError('ItemTooLarge', `the item ${pk} / ${sk} has ${bytes} bytes; the limit is ${MAX_ITEM_BYTES}`);
  }
}

/** The same value when there is nothing to mend, which is nearly always. */
function wellFormed<T>(value: T): T {
  return (isWellFormed(value) ? value : mend(value)) as T; // as: mending keeps the shape
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  for (const [name, inner] of Object.entries(value)) {
    if (!name.isWellFormed() || !isWellFormed(inner)) return false;
  }
  return true;
}

function mend(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mend);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toWellFormed(), mend(inner)]));
}
