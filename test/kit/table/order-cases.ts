import { expect, it } from 'vitest';
import type { Write } from '../../../src/ports/table.ts';
import type { Given } from './given.ts';

export function tableOrderCases(given: () => Given): void {
  it('does nothing for no groups and empty groups', async () => {
    const { table, partition } = given();
    expect(await table.writeInOrder([])).toEqual([]);
    expect(await table.writeInOrder([[], []])).toEqual([]);
    const put = { pk: partition(), sk: 'a' };
    expect(await table.writeInOrder([[], [{ put }], []])).toEqual([{ done: true }]);
  });

  it('answers one entry for each write, in order', async () => {
    const { table, partition } = given();
    const pk = partition();
    const ifNew = [[{ name: 'pk', is: 'absent' } as const]];
    const written = await table.writeInOrder([
      [{ put: { pk, sk: 'a', n: 1 } }],
      [
        { update: { pk, sk: 'a' }, add: { n: 1 } },
        { put: { pk, sk: 'b' } },
        { put: { pk, sk: 'c' }, when: ifNew },
        { put: { pk, sk: 'd' } },
      ],
      [{ update: { pk, sk: 'a' }, add: { n: 10 } }, { delete: { pk, sk: 'b' } }],
    ]);
    const done = { done: true };
    expect(written).toEqual([
      done,
      { done: true, item: { pk, sk: 'a', n: 2 } },
      done,
      done,
      done,
      { done: true, item: { pk, sk: 'a', n: 12 } },
      done,
    ]);
    const { items } = await table.query({ pk, consistent: true });
    expect(items).toEqual([
      { pk, sk: 'a', n: 12 },
      { pk, sk: 'c' },
      { pk, sk: 'd' },
    ]);
  });

  it('stops behind the group of a refused write', async () => {
    const { table, partition } = given();
    const pk = partition();
    await table.write({ put: { pk, sk: 'epoch', epoch: 2 } });
    const fence: Write = {
      update: { pk, sk: 'epoch' },
      set: { seen: true },
      when: [[{ name: 'epoch', is: '=', value: 1 }]],
    };
    const written = await table.writeInOrder([
      [{ put: { pk, sk: '1' } }],
      [{ put: { pk, sk: '2a' } }, fence, { put: { pk, sk: '2b' } }, { put: { pk, sk: '2c' } }],
      [{ put: { pk, sk: '3' } }],
      [{ put: { pk, sk: '4' } }],
    ]);
    const done = { done: true };
    expect(written).toEqual([done, done, { done: false, item: { pk, sk: 'epoch', epoch: 2 } }, done, done]);
    const { items } = await table.query({ pk, consistent: true });
    expect(items.map(({ sk }) => sk)).toEqual(['1', '2a', '2b', '2c', 'epoch']);
  });

  it('writes many items at once', async () => {
    const { table, partition } = given();
    const pk = partition();
    const items = Array.from({ length: 60 }, (_, n) => ({ pk, sk: String(n).padStart(2, '0'), n }));
    const written = await table.writeInOrder([items.map(put => ({ put }))]);
    expect(written).toEqual(items.map(() => ({ done: true })));
    expect((await table.query({ pk, consistent: true })).items).toEqual(items);
    const odd = items.filter(({ n }) => n % 2 === 1);
    await table.writeInOrder([odd.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
    const left = await table.getMany(items, { consistent: true });
    expect(left).toEqual(items.map(item => (item.n % 2 === 1 ? undefined : item)));
  });

  it('sees the groups before in the conditions of a group', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    const step = (n: number): Write => ({ update: key, add: { n: 1 }, when: [[{ name: 'n', is: '=', value: n }]] });
    const written = await table.writeInOrder([[{ put: { ...key, n: 0 } }], [step(0)], [step(1)], [step(1)], [step(2)]]);
    expect(written.map(({ done, item }) => [done, item?.n])).toEqual([
      [true, undefined],
      [true, 1],
      [true, 2],
      [false, 2],
    ]);
  });

  it('does nothing at all when one of the writes breaks a limit', async () => {
    const { table, partition } = given();
    const pk = partition();
    const groups: Write[][] = [[{ put: { pk, sk: '1' } }], [{ put: { pk, sk: '2' } }, { put: { pk, sk: '' } }]];
    await expect(table.writeInOrder(groups)).rejects.toMatchObject({ name: 'BadKey' });
    expect((await table.query({ pk, consistent: true })).items).toEqual([]);
  });

  it('refuses to write an item twice in one group', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    const twice = table.writeInOrder([[{ put: key }, { update: key, add: { n: 1 } }]]);
    await expect(twice).rejects.toMatchObject({ name: 'BadWrite', message: expect.stringContaining(key.pk) });
    expect(await table.writeInOrder([[{ put: key }], [{ put: key }]])).toHaveLength(2);
  });

  it('tries the rest of the group, and nothing behind it, when what stands there does not fit', async () => {
    const { table, partition } = given();
    const pk = partition();
    await table.write({ put: { pk, sk: 'text', value: 'text' } });
    const sequence = table.writeInOrder([
      [{ put: { pk, sk: '1' } }],
      [{ update: { pk, sk: 'text' }, add: { value: 1 } }, { put: { pk, sk: '2' } }],
      [{ put: { pk, sk: '3' } }],
    ]);
    await expect(sequence).rejects.toMatchObject({ name: 'WrongType' });
    const { items } = await table.query({ pk, consistent: true });
    expect(items).toEqual([
      { pk, sk: '1' },
      { pk, sk: '2' },
      { pk, sk: 'text', value: 'text' },
    ]);
  });
}
