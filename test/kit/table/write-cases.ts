import { describe, expect, it } from 'vitest';
import type { Item, Test, Value } from '../../../src/ports/table.ts';
import {
  CONDITIONS,
  ON_NOTHING,
  STANDING,
  TESTS,
  TESTS_OF_INHERITED_NAMES,
  TESTS_OF_ORDER,
} from '../../fixtures/table/conditions.ts';
import { INHERITED_NAMES, NAMES, VALUES } from '../../fixtures/table/values.ts';
import type { Fault, Given } from './given.ts';

export function tableWriteCases(given: () => Given, faults: readonly Fault[]): void {
  it('answers nothing for an item that is not there', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    expect(await table.get(key)).toBeUndefined();
    expect(await table.get(key, { consistent: true })).toBeUndefined();
  });

  it('puts a whole item in place of the one before', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    expect(await table.write({ put: { ...key, one: 1, two: [2] } })).toEqual({ done: true });
    expect(await table.get(key, { consistent: true })).toEqual({ ...key, one: 1, two: [2] });
    expect(await table.write({ put: { ...key, three: { four: 4 } } })).toEqual({ done: true });
    expect(await table.get(key, { consistent: true })).toEqual({ ...key, three: { four: 4 } });
  });

  it('tells items apart by both keys', async () => {
    const { table, partition } = given();
    const [one, other] = [partition(), partition()];
    const items = [
      { pk: one, sk: 'a', n: 1 },
      { pk: one, sk: 'A', n: 2 },
      { pk: other, sk: 'a', n: 3 },
    ];
    for (const put of items) await table.write({ put });
    for (const item of items) expect(await table.get(item, { consistent: true })).toEqual(item);
  });

  it.each(Object.entries(VALUES))('keeps %s in a put, a set and an append', async (_, value) => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    await table.write({ put: { ...key, value, inside: { list: [value] } } });
    expect(await table.get(key, { consistent: true })).toEqual({ ...key, value, inside: { list: [value] } });
    const { item } = await table.write({ update: key, set: { value, other: value }, append: { all: [value, value] } });
    expect(item).toEqual({ ...key, value, other: value, inside: { list: [value] }, all: [value, value] });
    expect(await table.get(key, { consistent: true })).toEqual(item);
  });

  const keepsNames = async (names: readonly string[]) => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    const all = <To extends Value>(value: To) => Object.fromEntries(names.map(name => [name, value]));
    expect((await table.write({ update: key, add: all(1) })).item).toEqual({ ...key, ...all(1) });
    expect((await table.write({ update: key, set: all('x') })).item).toEqual({ ...key, ...all('x') });
    const when = [names.map(name => ({ name, is: '=', value: 'x' }) as const)];
    expect((await table.write({ update: key, remove: names, when })).item).toEqual(key);
    expect((await table.write({ update: key, append: all([1]) })).item).toEqual({ ...key, ...all([1]) });
  };

  it('keeps attributes of any name', () => keepsNames(NAMES));
  it.skipIf(faults.includes('inherited attributes'))('keeps attributes with names of JavaScript', () => {
    return keepsNames(INHERITED_NAMES);
  });

  it('deletes what is there, and what is not', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    await table.write({ put: { ...key, one: 1 } });
    expect(await table.write({ delete: key })).toEqual({ done: true });
    expect(await table.get(key, { consistent: true })).toBeUndefined();
    expect(await table.write({ delete: key })).toEqual({ done: true });
  });

  it('takes the item as it was when it was handed in', async () => {
    const { table, partition } = given();
    const list = ['before'];
    const put = { pk: partition(), sk: 'a', list };
    const written = table.write({ put });
    list.push('after');
    await written;
    expect(await table.get(put, { consistent: true })).toEqual({ pk: put.pk, sk: 'a', list: ['before'] });
  });

  it('creates what an update does not find', async () => {
    const { table, partition } = given();
    const pk = partition();
    const update = { pk, sk: 'a' };
    const changes = { set: { status: 'new' }, add: { count: -2 }, append: { log: ['x'] }, remove: ['nothing'] };
    const item = { pk, sk: 'a', status: 'new', count: -2, log: ['x'] };
    expect(await table.write({ update, ...changes })).toEqual({ done: true, item });
    expect(await table.get(update, { consistent: true })).toEqual(item);
    const bare = { pk, sk: 'b' };
    expect(await table.write({ update: bare })).toEqual({ done: true, item: bare });
    expect(await table.write({ update: { pk, sk: 'c' }, remove: ['x'] })).toEqual({
      done: true,
      item: { pk, sk: 'c' },
    });
    expect(await table.get(bare, { consistent: true })).toEqual(bare);
  });

  it('sets, adds, appends and removes in one update, and leaves the rest', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    await table.write({ put: { ...key, kept: [1], status: 'old', count: 5, log: ['a', 'b'], gone: true } });
    const changes = { set: { status: 'new', added: null }, add: { count: 2.5 }, append: { log: ['c', ['d']] } };
    expect(await table.write({ update: key, ...changes, remove: ['gone', 'never'] })).toEqual({
      done: true,
      item: { ...key, kept: [1], status: 'new', added: null, count: 7.5, log: ['a', 'b', 'c', ['d']] },
    });
    const appended = await table.write({ update: key, append: { log: [], empty: [] } });
    expect(appended.item).toMatchObject({ log: ['a', 'b', 'c', ['d']], empty: [] });
  });

  it.each([
    [0, 0.1, 0.1],
    [0.1, 0.2, 0.3],
    [1.1, -1, 0.1],
    [0.1, -0.1, 0],
    [8.41, 1, 9.41],
    [-5, 3, -2],
    [1e-7, 1e-8, 1.1e-7],
    [123456789.25, 0.5, 123456789.75],
    [2 ** 53 - 2, 1, 2 ** 53 - 1],
    [1e20, 1e20, 2e20],
  ])('adds in decimals: %d and %d are %d', async (before, amount, after) => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    await table.write({ put: { ...key, number: before } });
    expect((await table.write({ update: key, add: { number: amount } })).item).toEqual({ ...key, number: after });
    expect(await table.get(key, { consistent: true })).toEqual({ ...key, number: after });
  });

  const decides = async (test: Test, holds: boolean) => {
    const { table, partition } = given();
    const item: Item = { pk: partition(), sk: 'a', ...STANDING };
    await table.write({ put: item });
    const replaced = { pk: item.pk, sk: 'a', replaced: true };
    const written = await table.write({ put: replaced, when: [[test]] });
    expect(written).toEqual(holds ? { done: true } : { done: false, item });
    expect(await table.get(item, { consistent: true })).toEqual(holds ? replaced : item);
  };

  it.each(TESTS)('tests an attribute: %j is %j', decides);
  describe.skipIf(faults.includes('utf-16 order'))('in the order of UTF-8', () => {
    it.each(TESTS_OF_ORDER)('tests an attribute: %j is %j', decides);
  });
  describe.skipIf(faults.includes('inherited attributes'))('with names of JavaScript', () => {
    it.each(TESTS_OF_INHERITED_NAMES)('tests an attribute: %j is %j', decides);
  });

  it.each(CONDITIONS)('joins tests: %j is %j', async (when, holds) => {
    const { table, partition } = given();
    const item: Item = { pk: partition(), sk: 'a', ...STANDING };
    await table.write({ put: item });
    const updated = { ...item, seen: 1 };
    const written = await table.write({ update: { pk: item.pk, sk: 'a' }, add: { seen: 1 }, when });
    expect(written).toEqual(holds ? { done: true, item: updated } : { done: false, item });
    const deleted = await table.write({ delete: item, when });
    expect(deleted).toEqual(holds ? { done: true } : { done: false, item });
    expect(await table.get(item, { consistent: true })).toEqual(holds ? undefined : item);
  });

  it.each(ON_NOTHING)('tests nothing: %j is %j', async (when, holds) => {
    const { table, partition } = given();
    const pk = partition();
    const [put, update] = [
      { pk, sk: 'put' },
      { pk, sk: 'update' },
    ];
    expect(await table.write({ delete: { pk, sk: 'delete' }, when })).toEqual({ done: holds });
    expect(await table.write({ put, when })).toEqual({ done: holds });
    expect(await table.get(put, { consistent: true })).toEqual(holds ? put : undefined);
    const written = await table.write({ update, set: { a: 1 }, when });
    expect(written).toEqual(holds ? { done: true, item: { ...update, a: 1 } } : { done: false });
    expect(await table.get(update, { consistent: true })).toEqual(holds ? { ...update, a: 1 } : undefined);
  });

  it('lets one of a hundred concurrent puts win, and tells the others who did', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    const tries = Array.from({ length: 100 }, (_, owner) => {
      return table.write({ put: { ...key, owner }, when: [[{ name: 'pk', is: 'absent' }]] });
    });
    const written = await Promise.all(tries);
    const winner = written.findIndex(({ done }) => done);
    const item = { ...key, owner: winner };
    expect(written.filter(({ done }) => done)).toHaveLength(1);
    expect(written.filter(({ done }) => !done)).toEqual(Array.from({ length: 99 }, () => ({ done: false, item })));
    expect(await table.get(key, { consistent: true })).toEqual(item);
  });

  it('loses none of a hundred concurrent additions', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    const additions = Array.from({ length: 100 }, (_, n) => {
      return table.write({ update: key, add: { count: 1 }, append: { seen: [n] } });
    });
    const counts = (await Promise.all(additions)).map(({ item }) => Number(item?.count));
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(await table.get(key, { consistent: true })).toMatchObject({ count: 100 });
  });
}
