import { afterEach, beforeEach, expect, test } from 'vitest';
import { valuesOfApp } from '../../src/store/keys.ts';
import { replaceValue, getValue as storedValue } from '../../src/store/values.ts';
import { openWorld, type World } from '../kit/api-world.ts';

const PATH = '/orgs/acme/apps/shop/values';
const SHOP = { org: 'acme', app: 'shop' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const add = (body: object) => world.client({ method: 'POST', path: PATH, body });

test('a secret lies sealed in the table, for its own app only', async () => {
  await add({ key: 'TOKEN', value: 's3cret-4711', is_secret: true });
  const { items } = await world.table.query({ pk: valuesOfApp(SHOP) });
  expect(items).toMatchObject([{ sk: 'TOKEN', sealed: expect.stringMatching(/^local1\./) }]);
  expect(JSON.stringify(items)).not.toContain('s3cret');
  expect(items[0]).not.toHaveProperty('value');
});

test('a new secret value changes the etag, although nobody sees it', async () => {
  const before = await add({ key: 'TOKEN', value: 'one', is_secret: true });
  const path = `${PATH}/TOKEN`;
  const headers = { 'if-match': before.json.etag };
  const after = await world.client({ method: 'PATCH', path, headers, body: { value: 'two' } });
  expect(after.json.etag).not.toBe(before.json.etag);
  expect(await world.client({ method: 'PATCH', path, headers, body: { value: 'three' } })).toMatchObject({
    status: 412,
  });
  expect(await world.client({ method: 'DELETE', path, headers })).toMatchObject({ status: 412 });
});

test('of two changes at the same time one is refused', async () => {
  await add({ key: 'REGION', value: 'one' });
  const seen = await storedValue(world.table, SHOP, 'REGION');
  if (seen === undefined) throw new Error('it is not there');
  const next = { ...seen, revision: seen.revision + 1 };
  expect(await replaceValue(world.table, SHOP, next)).toBe(true);
  expect(await replaceValue(world.table, SHOP, next)).toBe(false);
});

test('200 values are as many as an app has; one of them can still be changed', async () => {
  for (let count = 0; count < 200; count += 1) await add({ key: `k${count}`, value: 'v' });
  expect(await add({ key: 'one-more', value: 'v' })).toMatchObject({ status: 409, json: { error: 'TOO_MANY_VALUES' } });
  expect(await world.client({ method: 'PATCH', path: `${PATH}/k7`, body: { value: 'w' } })).toMatchObject({
    status: 200,
  });
});

test('the audit log says which value, and not what it holds', async () => {
  await add({ key: 'TOKEN', value: 's3cret-4711', is_secret: true });
  const { json, text } = await world.client({ path: '/orgs/acme/audit-logs' });
  expect(json[0]).toMatchObject({ action: 'createValue', details: { key: 'TOKEN', is_secret: 'true' } });
  expect(text).not.toContain('s3cret');
});
