import { expect, it } from 'vitest';
import type { Key, Write } from '../../../src/ports/table.ts';
import {
  ACCEPTED_WRITES,
  itemOfBytes,
  MAX_BYTES,
  REFUSED_QUERIES,
  REFUSED_WRITES,
} from '../../fixtures/table/refused.ts';
import type { Given } from './given.ts';

export function tableLimitCases(given: () => Given): void {
  it.each(Object.entries(ACCEPTED_WRITES))('accepts %s', async (_, write) => {
    const { table } = given();
    expect(await table.write(write)).toMatchObject({ done: true });
    const { pk, sk } = keyOf(write);
    const item = await table.get({ pk, sk }, { consistent: true });
    expect(item).toMatchObject('put' in write ? write.put : { ...('update' in write && write.set), pk, sk });
  });

  it.each(REFUSED_WRITES)('refuses %s', async (_, write, name) => {
    const { table } = given();
    await expect(table.write(write)).rejects.toMatchObject({ name });
    expect(await table.get({ pk: 'refused', sk: 'refused' }, { consistent: true })).toBeUndefined();
  });

  it.each(REFUSED_QUERIES)('refuses a query with %s', async (_, query, name) => {
    await expect(given().table.query(query)).rejects.toMatchObject({ name });
  });

  it('refuses to read more than 100 keys, or a bad one', async () => {
    const { table } = given();
    const keys = Array.from({ length: 101 }, (_, n) => ({ pk: 'x', sk: `${n}` }));
    await expect(table.getMany(keys)).rejects.toMatchObject({ name: 'BadQuery' });
    expect(await table.getMany(keys.slice(1))).toHaveLength(100);
    await expect(table.getMany([{ pk: 'x', sk: '' }])).rejects.toMatchObject({ name: 'BadKey' });
    await expect(table.get({ pk: '', sk: 'x' })).rejects.toMatchObject({ name: 'BadKey' });
  });

  it('refuses an update that makes an item larger than 400 KiB', async () => {
    const { table, partition } = given();
    const put = itemOfBytes({ pk: partition(), sk: 'a' }, MAX_BYTES - 1000);
    const key = { pk: put.pk, sk: put.sk };
    await table.write({ put });
    await expect(table.write({ update: key, set: { more: 'x'.repeat(1000) } })).rejects.toMatchObject({
      name: 'ItemTooLarge',
      message: expect.stringContaining(key.pk),
    });
    expect(await table.get(key, { consistent: true })).toEqual(put);
    expect(await table.write({ update: key, set: { more: 'x'.repeat(900) } })).toMatchObject({ done: true });
  });

  it.each([
    ['adding to text', { add: { text: 1 } }],
    ['adding to null', { add: { nothing: 1 } }],
    ['adding to a list', { add: { list: 1 } }],
    ['appending to a number', { append: { number: [1] } }],
    ['appending to a map', { append: { map: [1] } }],
    ['appending to null', { append: { nothing: [1] } }],
  ])('refuses %s', async (_, changes) => {
    const { table, partition } = given();
    const put = { pk: partition(), sk: 'a', text: 'x', nothing: null, list: [1], number: 1, map: {} };
    const update = { pk: put.pk, sk: put.sk };
    await table.write({ put });
    await expect(table.write({ update, ...changes, set: { seen: true } })).rejects.toMatchObject({ name: 'WrongType' });
    expect(await table.get(put, { consistent: true })).toEqual(put);
  });

  it('stores half a surrogate pair as the replacement character', async () => {
    const { table, partition } = given();
    const key = { pk: partition(), sk: 'a' };
    await table.write({ put: { ...key, text: 'cut \ud83d', list: [{ 'n\ude00': '\ude00x' }], whole: '😀' } });
    const mended = { ...key, text: 'cut \ufffd', list: [{ 'n\ufffd': '\ufffdx' }], whole: '😀' };
    expect(await table.get(key, { consistent: true })).toEqual(mended);
    const written = await table.write({ update: key, set: { text: '\ud83d' }, append: { list: ['\ud83d'] } });
    expect(written.item).toEqual({ ...mended, text: '\ufffd', list: [...mended.list, '\ufffd'] });
  });

  it('keeps large items, alone and many of them', async () => {
    const { table, partition } = given();
    const pk = partition();
    const items = Array.from({ length: 8 }, (_, n) => ({ ...itemOfBytes({ pk, sk: `${n}` }, 390 * 1024), n }));
    await table.writeInOrder([items.map(put => ({ put }))]);
    // Together they are over the 1 MiB that one answer of DynamoDB holds.
    expect((await table.query({ pk, consistent: true })).items).toEqual(items);
    const page = await table.query({ pk, limit: 6, reverse: true });
    expect(page.items).toEqual(items.toReversed().slice(0, 6));
    expect(page.next).toEqual({ pk, sk: '2' });
    expect(await table.getMany(items, { consistent: true })).toEqual(items);
  });
}

function keyOf(write: Write): Key {
  return 'put' in write ? write.put : 'update' in write ? write.update : write.delete;
}
