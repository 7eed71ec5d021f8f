import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Table } from '../../../src/ports/table.ts';
import { createWebhooksOf, NONE_FOR } from '../../../src/run/webhooks/webhooks-of.ts';
import { openWebhookWorld, type WebhookWorld } from '../../kit/webhook-world.ts';

const SHOP = { org: 'acme', app: 'shop' };
const BLOG = { org: 'acme', app: 'blog' };

let world: WebhookWorld;
let reads: number;
let fails: boolean;
beforeEach(async () => {
  world = await openWebhookWorld();
  reads = 0;
  fails = false;
});
afterEach(() => world.close());

const remembering = () => {
  const table: Table = {
    ...world.table,
    query: query => {
      reads += 1;
      return fails ? Promise.reject(new Error('the table is away')) : world.table.query(query);
    },
  };
  return createWebhooksOf({ table, clock: world.clock, report: world.deps.report }, NONE_FOR);
};

test('that there are none is read once for all events that come within five seconds', async () => {
  const webhooksOf = remembering();
  expect(await Promise.all([1, 2, 3].map(() => webhooksOf(SHOP)))).toEqual([[], [], []]);
  expect(reads).toBe(1);
  await world.add('hook', 'https://example.com/');
  await world.clock.advance(NONE_FOR - 1);
  expect(await webhooksOf(SHOP)).toEqual([]);
  expect(await webhooksOf(BLOG)).toEqual([]);
  expect(reads).toBe(2);
  await world.clock.advance(1);
  expect(await webhooksOf(SHOP)).toMatchObject([{ id: 'hook' }]);
});

test('those that there are are read for each event', async () => {
  await world.add('hook', 'https://example.com/');
  const webhooksOf = remembering();
  expect(await webhooksOf(SHOP)).toMatchObject([{ id: 'hook' }]);
  await world.send('DELETE', '/hook');
  expect(await webhooksOf(SHOP)).toEqual([]);
});

test('a read that failed is not remembered', async () => {
  const webhooksOf = remembering();
  fails = true;
  await expect(webhooksOf(SHOP)).rejects.toThrow('the table is away');
  fails = false;
  expect(await webhooksOf(SHOP)).toEqual([]);
});
