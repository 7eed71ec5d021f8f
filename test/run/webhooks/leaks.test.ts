import { expect, onTestFinished, test } from 'vitest';
import { findTraces } from '../../kit/secret-traces.ts';
import { startReceiver } from '../../kit/webhook-receiver.ts';
import { openWebhookWorld } from '../../kit/webhook-world.ts';

const IN_URL = 'canary-in-the-url-4711';

test('a secret is in the answer that made it and nowhere else; the path of a URL in no log, no record of a delivery, no answer to others', async () => {
  const world = await openWebhookWorld({ timeout: 200 });
  const target = await startReceiver(500, 'hang', 'close', 302, response => response.end('x'.repeat(70_000)), 204);
  onTestFinished(async () => {
    await target.close();
    await world.close();
  });
  const url = `${target.url}/${IN_URL}?key=${IN_URL}`;
  const secrets = [await world.add('hook', url)];
  secrets.push((await world.send('POST', '/hook/rotate-secret')).json.secret);
  await world.add('refused', `http://10.0.0.1/${IN_URL}`);
  await world.handle(world.runEvent());
  const noted: unknown[] = [];
  for (let minute = 0; minute < 200; minute += 5) {
    await world.clock.advance(300_000);
    await world.round();
    noted.push(...(await world.deliveries('hook')), ...(await world.deliveries('refused')));
  }
  await world.send('POST', '/hook/test');
  await world.hearTold();
  const answers: string[] = [];
  const toOthers: string[] = [];
  for (const [method, path, body] of [
    ['GET', ''],
    ['GET', '/hook'],
    ['GET', '/hook/deliveries'],
    ['GET', '/refused/deliveries'],
    ['PATCH', '/hook', { description: 'new' }],
    ['POST', '', { id: 'hook', url }],
    ['PATCH', '/hook', { url: `https://me:${IN_URL}@example.com` }],
  ] as const) {
    answers.push((await world.send(method, path, body)).text);
    if (method === 'GET') toOthers.push((await world.send(method, path, undefined, 'developer')).text);
  }
  const audit = (await world.client({ path: '/orgs/acme/audit-logs?per_page=100' })).text;
  expect(audit).toContain('rotateWebhookSecret');

  const bare = secrets.map(secret => secret.slice('whsec_'.length));
  const raw = bare.map(secret => Buffer.from(secret, 'base64').toString('hex'));
  const table = JSON.stringify(await everything(world));
  expect(table).toContain('"sealed":"local1.');
  const logs = JSON.stringify([world.reports, world.logged, world.told]);
  const sent = JSON.stringify(target.received);
  expect(
    findTraces([...secrets, ...bare, ...raw], [table, logs, audit, sent, ...answers, ...toOthers].join('\n')),
  ).toEqual([]);
  const deliveries = JSON.stringify(noted);
  expect(deliveries).toContain('TIMEOUT');
  expect(deliveries).toContain('EGRESS_REFUSED');
  expect(findTraces([IN_URL], [logs, audit, deliveries, ...toOthers].join('\n'))).toEqual([]);
});

/** All items of the app's webhooks and their deliveries, and of the log. */
async function everything({ table }: Awaited<ReturnType<typeof openWebhookWorld>>): Promise<unknown> {
  const webhooks = await table.query({ pk: 'WEBHOOKS#acme/shop' });
  const deliveries = await Promise.all(
    webhooks.items.map(({ sk, since }) => table.query({ pk: `DELIVERIES#acme/shop/${sk}/${String(since)}` })),
  );
  expect(deliveries.flatMap(({ items }) => items).length).toBeGreaterThan(0);
  return [webhooks, deliveries, await table.query({ pk: 'AUDIT#acme' })];
}
