import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Table, Write } from '../../../src/ports/table.ts';
import { hear } from '../../../src/run/webhooks/hear.ts';
import { sendHeard } from '../../../src/run/webhooks/send.ts';
import { webhookKey, webhooksOfApp } from '../../../src/store/keys.ts';
import { type Receiver, startReceiver } from '../../kit/webhook-receiver.ts';
import { openWebhookWorld, type WebhookWorld } from '../../kit/webhook-world.ts';

const MINUTE = 60_000;
const SHOP = { org: 'acme', app: 'shop' };

let world: WebhookWorld;
let target: Receiver;
beforeEach(async () => {
  world = await openWebhookWorld();
  target = await startReceiver();
  await world.add('hook', target.url);
});
afterEach(async () => {
  await target.close();
  await world.close();
});

/** The world's table, but writes that `breaks` says yes to never happen. */
const withBroken = (breaks: (write: Write) => boolean): Table =>
  new Proxy(world.table, {
    get: (table, name: keyof Table) =>
      name === 'write'
        ? (write: Write) => (breaks(write) ? Promise.reject(new Error('the table is away')) : table.write(write))
        : table[name].bind(table),
  });

const isOf = (write: Write, prefix: string): boolean => JSON.stringify(write).includes(`"pk":"${prefix}`);
const idsOf = () => target.received.map(({ headers }) => headers['webhook-id']);

test('who dies between the record and the sending leaves it to the next round, once it is taken for lost', async () => {
  await hear(world.deps, world.runEvent(), true);
  await world.round();
  expect(target.received).toEqual([]);
  await world.clock.advance(MINUTE);
  await world.round();
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  expect(target.received).toHaveLength(1);
});

test('who dies between the sending and its outcome has it sent twice, under the same id', async () => {
  const broken = withBroken(write => 'update' in write && isOf(write, 'DELIVERIES#'));
  await world.handle(world.runEvent(), broken);
  expect(target.received).toHaveLength(1);
  expect(world.reports.join()).toContain('left to the next round');
  await world.clock.advance(MINUTE);
  await world.round();
  expect(new Set(idsOf()).size).toBe(1);
  expect(target.received).toHaveLength(2);
  await world.clock.advance(MINUTE);
  await world.round();
  expect(target.received).toHaveLength(2);
});

test('an event that cannot be recorded comes again, and goes to those whom it did not reach', async () => {
  await world.add('other', `${target.url}/other`);
  const event = world.runEvent();
  const broken = withBroken(write => 'put' in write && isOf(write, 'DELIVERIES#acme/shop/other'));
  await expect(world.handle(event, broken)).rejects.toThrow('not recorded for all webhooks');
  await world.handle(event);
  await world.clock.advance(MINUTE);
  await world.round();
  expect(target.received.map(({ path }) => path).toSorted()).toEqual(['/hook', '/hook/other']);
});

test('of many who look at the same time one sends it', async () => {
  target.react(500, 200);
  await world.handle(world.runEvent());
  await world.clock.advance(MINUTE);
  await Promise.all(Array.from({ length: 5 }, () => world.round()));
  expect(target.received).toHaveLength(2);
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'delivered', attempts: 2 }]);
});

test('who was taken for lost and comes back late changes nothing', async () => {
  const [heard] = await hear(world.deps, world.runEvent(), true);
  await world.clock.advance(MINUTE);
  target.react(500);
  await world.round();
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'pending', attempts: 2 }]);
  target.react(200);
  if (heard === undefined) throw new Error('nothing was recorded');
  await sendHeard(world.deps, heard);
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'pending', attempts: 2, response_status_code: 500 }]);
});

test('attempts that nobody survives come to an end', async () => {
  await hear(world.deps, world.runEvent(), true);
  const dying = withBroken(write => 'update' in write && 'remove' in write && isOf(write, 'DELIVERIES#'));
  for (let round = 0; round < 12; round += 1) {
    await world.clock.advance(MINUTE);
    await world.round(dying);
  }
  expect(target.received).toHaveLength(9);
  await world.clock.advance(MINUTE);
  await world.round();
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'failed', error: 'ATTEMPTS_LOST' }]);
});

test('a record that cannot be read keeps no other from being told', async () => {
  await world.table.write({ put: { ...webhookKey(SHOP, 'broken'), url: 7 } });
  await world.handle(world.runEvent());
  expect(target.received).toHaveLength(1);
  expect(world.reports.join()).toContain(`item ${webhooksOfApp(SHOP)} / broken`);
  expect(await world.send('GET', '')).toMatchObject({ status: 200, json: [{ id: 'hook' }] });
});

test('a delivery that cannot be read keeps no other from being sent', async () => {
  target.react(500, 500, 200);
  await world.handle(world.runEvent());
  await world.handle(world.runEvent());
  const { items } = await world.table.query({ index: 'gsi2', pk: await shardWithItems() });
  const [first] = items;
  if (first === undefined) throw new Error('nothing is due');
  await world.table.write({ update: { pk: first.pk, sk: first.sk }, set: { type: 7 } });
  await world.clock.advance(MINUTE);
  await world.round();
  expect(target.received).toHaveLength(3);
  expect(world.reports.join()).toContain("'type' should be a string");
});

test('what stands in the index and is none of ours keeps nobody from anything', async () => {
  target.react(500, 200);
  await world.handle(world.runEvent());
  const gsi2pk = await shardWithItems();
  for (const gsi2sk of ['', ' ', 'a/b', 'acme/shop', 'zzz/'].filter(position => position !== '')) {
    await world.table.write({ put: { pk: `FOREIGN#${gsi2sk}`, sk: 'a', gsi2pk, gsi2sk } });
  }
  await world.clock.advance(MINUTE);
  await world.round();
  expect(target.received).toHaveLength(2);
});

async function shardWithItems(): Promise<string> {
  for (const shard of ['00', '01', '02', '03']) {
    const { items } = await world.table.query({ index: 'gsi2', pk: `WEBHOOKDUE#${shard}` });
    if (items.length > 0) return `WEBHOOKDUE#${shard}`;
  }
  throw new Error('nothing is due');
}

test('the deletion of an app takes its webhooks with it, and what waits is not sent', async () => {
  target.react(500, 200);
  await world.handle(world.runEvent());
  expect((await world.client({ method: 'DELETE', path: '/orgs/acme/apps/shop' })).status).toBe(204);
  expect((await world.table.query({ pk: webhooksOfApp(SHOP) })).items).toEqual([]);
  await world.clock.advance(MINUTE);
  await world.round();
  await world.handle(world.runEvent());
  expect(target.received).toHaveLength(1);
});

test('a thousand events at once arrive, each once', async () => {
  const events = Array.from({ length: 1_000 }, () => world.runEvent());
  await Promise.all(events.map(event => world.handle(event)));
  await world.clock.advance(MINUTE);
  await world.round();
  expect(new Set(idsOf())).toEqual(new Set(events.map(({ detail }) => JSON.parse(JSON.stringify(detail)).id)));
  expect(target.received).toHaveLength(1_000);
}, 300_000);

test('a thousand events for a receiver that is away arrive when it is back, each at least once', async () => {
  target.react(503);
  const other = await startReceiver();
  onTestFinished(() => other.close());
  await world.add('other', other.url);
  const events = Array.from({ length: 1_000 }, () => world.runEvent());
  for (let at = 0; at < events.length; at += 50) {
    await Promise.all(events.slice(at, at + 50).map(event => world.handle(event)));
  }
  expect(other.received).toHaveLength(1_000);
  // It was left alone after the first failures.
  expect(target.received.length).toBeLessThan(100);
  target.react(200);
  const before = target.received.length;
  await world.clock.advance(MINUTE);
  await world.round();
  await world.clock.advance(10 * MINUTE);
  await world.round();
  expect(new Set(idsOf().slice(before)).size).toBe(1_000);
}, 300_000);

test('a webhook is disabled, and its delivery noted, whether that comes into the audit log or not', async () => {
  target.react(410);
  await world.handle(
    world.runEvent(),
    withBroken(write => isOf(write, 'AUDIT#')),
  );
  expect((await world.send('GET', '/hook')).json).toMatchObject({ disabled: true, disabled_reason: 'gone' });
  expect(await world.deliveries('hook')).toMatchObject([{ status: 'failed', error: 'GONE' }]);
  expect(world.reports).toEqual([expect.stringContaining("'hook' of app 'shop' was disabled")]);
});
