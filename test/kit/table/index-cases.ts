import { expect, it } from 'vitest';
import { INDEXES, type IndexName, type Item } from '../../../src/ports/table.ts';
import type { Given } from './given.ts';
import { pages } from './query-cases.ts';

const EACH = Object.keys(INDEXES) as readonly IndexName[]; // as: Object.keys forgets the names

export function tableIndexCases(given: () => Given): void {
  it.each(EACH)('%s answers the keys only, in the order of its sort key', async index => {
    const { table, partition } = given();
    const [hash, other] = [partition(), partition()];
    const { pk, sk } = INDEXES[index];
    const item = (n: number, at: string): Item => ({ pk: `${hash}-${n}`, sk: 'x', body: [n], [pk]: hash, [sk]: at });
    const items = [item(1, 'c'), item(2, 'a'), item(3, 'b#1'), item(4, 'b#2')];
    const elsewhere: Item = { pk: `${other}-1`, sk: 'x', [pk]: other, [sk]: 'a' };
    await table.writeInOrder([[...items, elsewhere].map(put => ({ put }))]);
    const keys = (...of: readonly number[]) => {
      return of.map(n => ({ pk: `${hash}-${n}`, sk: 'x', [pk]: hash, [sk]: items[n - 1]?.[sk] }));
    };
    expect(await table.query({ index, pk: hash })).toEqual({ items: keys(2, 3, 4, 1) });
    expect((await table.query({ index, pk: hash, reverse: true })).items).toEqual(keys(1, 4, 3, 2));
    expect((await table.query({ index, pk: hash, prefix: 'b#' })).items).toEqual(keys(3, 4));
    expect((await table.query({ index, pk: hash, from: 'b', to: 'b#1' })).items).toEqual(keys(3));
    expect((await table.query({ index, pk: hash, from: 'b#2' })).items).toEqual(keys(4, 1));
    const page = await table.query({ index, pk: hash, limit: 2 });
    expect(page).toEqual({ items: keys(2, 3), next: keys(3)[0] });
    expect((await table.query({ index, pk: other })).items).toHaveLength(1);
  });

  it.each(EACH)('%s holds only items that have both attributes', async index => {
    const { table, partition } = given();
    const hash = partition();
    const { pk, sk } = INDEXES[index];
    const found = async () => (await table.query({ index, pk: hash })).items.map(item => item.pk);
    await table.writeInOrder([
      [
        { put: { pk: `${hash}-both`, sk: 'x', [pk]: hash, [sk]: '1' } },
        { put: { pk: `${hash}-first`, sk: 'x', [pk]: hash } },
        { put: { pk: `${hash}-second`, sk: 'x', [sk]: '1' } },
        { put: { pk: `${hash}-none`, sk: 'x' } },
      ],
    ]);
    expect(await found()).toEqual([`${hash}-both`]);
    await table.write({ update: { pk: `${hash}-first`, sk: 'x' }, set: { [sk]: '0' } });
    expect(await found()).toEqual([`${hash}-first`, `${hash}-both`]);
    await table.write({ update: { pk: `${hash}-first`, sk: 'x' }, set: { [sk]: '2' }, add: { n: 1 } });
    expect(await found()).toEqual([`${hash}-both`, `${hash}-first`]);
    await table.write({ update: { pk: `${hash}-both`, sk: 'x' }, remove: [pk] });
    expect(await found()).toEqual([`${hash}-first`]);
    await table.write({ put: { pk: `${hash}-first`, sk: 'x', replaced: true } });
    expect(await found()).toEqual([]);
    await table.write({ put: { pk: `${hash}-none`, sk: 'x', [pk]: hash, [sk]: '1' } });
    expect(await found()).toEqual([`${hash}-none`]);
    await table.write({ delete: { pk: `${hash}-none`, sk: 'x' } });
    expect(await found()).toEqual([]);
  });

  it('keeps both indexes apart', async () => {
    const { table, partition } = given();
    const hash = partition();
    const key = { pk: hash, sk: 'a' };
    await table.write({ put: { ...key, gsi1pk: hash, gsi1sk: 'one', gsi2pk: hash, gsi2sk: 'two', body: 1 } });
    expect((await table.query({ index: 'gsi1', pk: hash })).items).toEqual([{ ...key, gsi1pk: hash, gsi1sk: 'one' }]);
    expect((await table.query({ index: 'gsi2', pk: hash })).items).toEqual([{ ...key, gsi2pk: hash, gsi2sk: 'two' }]);
    await table.write({ update: key, remove: ['gsi1pk', 'gsi1sk'], set: { body: 2 } });
    expect((await table.query({ index: 'gsi1', pk: hash })).items).toEqual([]);
    expect((await table.query({ index: 'gsi2', pk: hash })).items).toHaveLength(1);
  });

  it.each(EACH)('%s pages in both directions', async index => {
    const { table, partition } = given();
    const hash = partition();
    const { pk, sk } = INDEXES[index];
    const sorted = Array.from({ length: 9 }, (_, n) => `key-${n}`);
    await table.writeInOrder([sorted.map((at, n) => ({ put: { pk: `${hash}-${n}`, sk: 'x', [pk]: hash, [sk]: at } }))]);
    for (const limit of [1, 2, 4, 9]) {
      const forwards = await pages(table, { index, pk: hash, limit });
      expect(forwards.flat().map(item => item[sk])).toEqual(sorted);
      const backwards = await pages(table, { index, pk: hash, limit, reverse: true });
      expect(backwards.flat().map(item => item[sk])).toEqual(sorted.toReversed());
      const inside = await pages(table, { index, pk: hash, limit, from: 'key-2', to: 'key-6' });
      expect(inside.flat().map(item => item[sk])).toEqual(sorted.slice(2, 7));
    }
  });

  it.each(EACH)('%s pages over equal sort keys without loss or repetition', async index => {
    const { table, partition } = given();
    const hash = partition();
    const { pk, sk } = INDEXES[index];
    const names = Array.from({ length: 10 }, (_, n) => `${hash}-${n}`);
    const puts = names.flatMap(name =>
      ['x', 'y'].map(own => ({ put: { pk: name, sk: own, [pk]: hash, [sk]: 'same' } })),
    );
    await table.writeInOrder([puts]);
    for (const reverse of [false, true]) {
      const found = (await pages(table, { index, pk: hash, limit: 3, reverse })).flat();
      expect(found.map(item => `${item.pk} ${item.sk}`).toSorted()).toEqual(
        names.flatMap(name => [`${name} x`, `${name} y`]).toSorted(),
      );
    }
  });
}
