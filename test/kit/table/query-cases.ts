import { expect, it } from 'vitest';
import type { Item, Query, Table } from '../../../src/ports/table.ts';
import { ORDERED_SORT_KEYS } from '../../fixtures/table/values.ts';
import type { Fault, Given } from './given.ts';

const LETTERS = ['a', 'a#1', 'a#2', 'a#3', 'b', 'b#1', 'c', 'd', 'e', 'f'];

const RANGES: readonly (readonly [string, Omit<Query, 'pk'>, readonly string[]])[] = [
  ['everything', {}, LETTERS],
  ['everything backwards', { reverse: true }, LETTERS.toReversed()],
  ['a prefix', { prefix: 'a#' }, ['a#1', 'a#2', 'a#3']],
  ['a prefix that is a key itself', { prefix: 'a' }, ['a', 'a#1', 'a#2', 'a#3']],
  ['an empty prefix', { prefix: '' }, LETTERS],
  ['a prefix of nothing', { prefix: 'x' }, []],
  ['a prefix backwards', { prefix: 'a#', reverse: true }, ['a#3', 'a#2', 'a#1']],
  ['a prefix with a limit', { prefix: 'a#', limit: 2 }, ['a#1', 'a#2']],
  ['a lower bound', { from: 'd' }, ['d', 'e', 'f']],
  ['a lower bound between keys', { from: 'cc' }, ['d', 'e', 'f']],
  ['an upper bound', { to: 'a#2' }, ['a', 'a#1', 'a#2']],
  ['both bounds', { from: 'a#3', to: 'c' }, ['a#3', 'b', 'b#1', 'c']],
  ['both bounds backwards, limited', { from: 'a#3', to: 'c', reverse: true, limit: 3 }, ['c', 'b#1', 'b']],
  ['one key as both bounds', { from: 'd', to: 'd' }, ['d']],
  ['bounds that cross', { from: 'e', to: 'd' }, []],
  ['empty bounds', { from: '', to: '' }, []],
  ['an empty lower bound', { from: '', to: 'a' }, ['a']],
  ['a limit', { limit: 3 }, ['a', 'a#1', 'a#2']],
  ['a limit backwards', { limit: 3, reverse: true }, ['f', 'e', 'd']],
  ['a limit over all', { limit: 100 }, LETTERS],
  ['consistently', { consistent: true, from: 'e' }, ['e', 'f']],
];

export function tableQueryCases(given: () => Given, faults: readonly Fault[]): void {
  it('answers nothing for a partition that is not there', async () => {
    const { table, partition } = given();
    expect(await table.query({ pk: partition() })).toEqual({ items: [] });
  });

  it.each(RANGES)('finds %s', async (_, query, sortKeys) => {
    const { table, partition } = given();
    const [pk, other] = [partition(), partition()];
    const item = (sk: string): Item => ({ pk, sk, of: { sk } });
    const neighbours = LETTERS.map(sk => ({ put: { pk: other, sk } }));
    await table.writeInOrder([[...LETTERS.map(sk => ({ put: item(sk) })), ...neighbours]]);
    const page = await table.query({ pk, ...query });
    expect(page.items).toEqual(sortKeys.map(item));
    const last = sortKeys.at(-1);
    const full = last !== undefined && sortKeys.length === query.limit;
    expect(page.next).toEqual(full ? { pk, sk: last } : undefined);
  });

  it('orders by the bytes of UTF-8', async () => {
    const { table, partition } = given();
    const pk = partition();
    const puts = ORDERED_SORT_KEYS.map(sk => ({ put: { pk, sk } }));
    await table.writeInOrder([puts.toReversed()]);
    expect((await table.query({ pk })).items.map(({ sk }) => sk)).toEqual(ORDERED_SORT_KEYS);
    expect((await table.query({ pk, reverse: true })).items.map(({ sk }) => sk)).toEqual(
      ORDERED_SORT_KEYS.toReversed(),
    );
    for (const [place, sk] of ORDERED_SORT_KEYS.entries()) {
      const from = await table.query({ pk, from: sk });
      expect(from.items.map(item => item.sk)).toEqual(ORDERED_SORT_KEYS.slice(place));
    }
  });

  it.skipIf(faults.includes('prefixes without case'))('takes any text for a prefix', async () => {
    const { table, partition } = given();
    const pk = partition();
    await table.writeInOrder([ORDERED_SORT_KEYS.map(sk => ({ put: { pk, sk } }))]);
    for (const prefix of ORDERED_SORT_KEYS) {
      const { items } = await table.query({ pk, prefix });
      expect(items.map(({ sk }) => sk)).toEqual(ORDERED_SORT_KEYS.filter(sk => sk.startsWith(prefix)));
    }
  });

  it.each([
    ['forwards', {}],
    ['backwards', { reverse: true }],
    ['inside a prefix', { prefix: 'a' }],
    ['inside a prefix, backwards', { prefix: 'a', reverse: true }],
    ['between bounds', { from: 'a#2', to: 'e' }],
    ['between bounds, backwards', { from: 'a#2', to: 'e', reverse: true }],
    ['up to a bound', { to: 'c' }],
    ['from a bound, backwards', { from: 'c', reverse: true }],
  ])('pages %s', async (_, query) => {
    const { table, partition } = given();
    const pk = partition();
    await table.writeInOrder([LETTERS.map(sk => ({ put: { pk, sk } }))]);
    const { items } = await table.query({ pk, ...query });
    for (const limit of [1, 2, 3, 4]) {
      expect((await pages(table, { pk, ...query, limit })).flat()).toEqual(items);
    }
  });

  it('goes on behind a key that is gone, and before one that came', async () => {
    const { table, partition } = given();
    const pk = partition();
    await table.writeInOrder([['b', 'd', 'f'].map(sk => ({ put: { pk, sk } }))]);
    const { next } = await table.query({ pk, limit: 2 });
    await table.writeInOrder([[{ delete: { pk, sk: 'd' } }, { put: { pk, sk: 'c' } }, { put: { pk, sk: 'e' } }]]);
    const rest = await table.query({ pk, ...(next && { after: next }) });
    expect(rest.items.map(({ sk }) => sk)).toEqual(['e', 'f']);
  });

  it('says that it stopped at its limit even when nothing comes after', async () => {
    const { table, partition } = given();
    const pk = partition();
    await table.writeInOrder([['a', 'b'].map(sk => ({ put: { pk, sk } }))]);
    const { next } = await table.query({ pk, limit: 2 });
    expect(next).toEqual({ pk, sk: 'b' });
    expect(await table.query({ pk, limit: 2, ...(next && { after: next }) })).toEqual({ items: [] });
  });

  it('gets many items in the order of the keys, with holes, and twice when asked twice', async () => {
    const { table, partition } = given();
    const [pk, other] = [partition(), partition()];
    const [a, b, c] = [
      { pk, sk: 'a', n: 1 },
      { pk: other, sk: 'b', n: 2 },
      { pk, sk: 'c', list: [3] },
    ] as const;
    await table.writeInOrder([[a, b, c].map(put => ({ put }))]);
    const missing = { pk, sk: 'missing' };
    const keys = [missing, c, a, c, missing, b].map(({ pk, sk }) => ({ pk, sk }));
    expect(await table.getMany(keys)).toEqual([undefined, c, a, c, undefined, b]);
    expect(await table.getMany(keys, { consistent: true })).toEqual([undefined, c, a, c, undefined, b]);
    expect(await table.getMany([])).toEqual([]);
  });
}

/** All pages of a query with a limit. */
export async function pages(table: Table, query: Query): Promise<readonly (readonly Item[])[]> {
  const all: (readonly Item[])[] = [];
  for (let after = query.after; ; ) {
    const page = await table.query({ ...query, ...(after && { after }) });
    all.push(page.items);
    if (!page.next) return all;
    after = page.next;
  }
}
