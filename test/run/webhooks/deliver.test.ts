import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PIPELINES_SYSTEM_USER } from '../../../src/access/identity.ts';
import type { JsonObject } from '../../../src/json.ts';
import type { Table } from '../../../src/ports/table.ts';
import { createDocumentAjv } from '../../kit/openapi-check.ts';
import { expectRefused, type Reaction, type Receiver, startReceiver } from '../../kit/webhook-receiver.ts';
import { openWebhookWorld, type WebhookWorld } from '../../kit/webhook-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: WebhookWorld;
beforeEach(async () => {
  world = await openWebhookWorld();
});
afterEach(() => world.close());

async function receiver(...reactions: readonly Reaction[]): Promise<Receiver> {
  const started = await startReceiver(...reactions);
  onTestFinished(() => started.close());
  return started;
}

/** Minutes go by, and each has its round. */
async function pass(ms: number, step = MINUTE): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await world.clock.advance(step);
    await world.round();
  }
}

const disablings = async () =>
  (await world.client({ path: '/orgs/acme/audit-logs?action=disableWebhook', token: world.tokens.admin })).json;

describe('an event', () => {
  test('arrives once, signed, as the document says', async () => {
    const target = await receiver();
    const secret = await world.add('hook', target.url);
    const event = world.runEvent('failed');
    await world.handle(event);
    await world.handle(event);
    await pass(5 * MINUTE);
    expect(target.received).toHaveLength(1);
    const [received] = target.received;
    const detail = event.detail as JsonObject; // as: made so
    expect(world.verified(secret, received)).toEqual({
      type: 'pipeline_run.failed',
      timestamp: detail.at,
      data: detail,
    });
    expect(received).toMatchObject({
      path: '/hook',
      headers: { 'content-type': 'application/json', 'user-agent': 'pipecall-webhooks', 'webhook-id': detail.id },
    });
    const schema = { $ref: 'https://pipecall.example/openapi.json#/components/schemas/PipelineRunWebhookEvent' };
    const validate = createDocumentAjv().compile(schema);
    expect(validate(JSON.parse(received?.body ?? '')) ? [] : validate.errors).toEqual([]);
    expect(await world.deliveries('hook')).toMatchObject([
      { status: 'delivered', attempts: 1, event_id: detail.id, type: 'pipeline_run.failed', response_status_code: 204 },
    ]);
    const [delivery] = await world.deliveries('hook');
    expect(delivery).not.toHaveProperty('error');
    expect(delivery).not.toHaveProperty('next_attempt_at');
  });

  test('is for the webhooks of its app that ask for it and are not disabled', async () => {
    const target = await receiver();
    const path = (name: string) => `${target.url}/${name}`;
    const failed = { triggers: [{ scope: 'pipeline_run', type: 'failed' }] };
    await world.add('all', path('all'));
    await world.add('failed', path('failed'), failed);
    await world.add('waiting', path('waiting'), { triggers: [{ scope: 'approval', type: 'waiting' }] });
    await world.add('off', path('off'), { disabled: true });
    await world.handle(world.runEvent('succeeded'));
    expect(target.received.map(({ path }) => path)).toEqual(['/hook/all']);
    await world.handle(world.runEvent('failed'));
    expect(target.received.map(({ path }) => path).toSorted()).toEqual(['/hook/all', '/hook/all', '/hook/failed']);
    for (const more of [{ app_id: 'blog' }, { org_id: 'rival' }]) await world.handle(world.runEvent('failed', more));
    expect(target.received).toHaveLength(3);
    expect(await world.deliveries('off')).toEqual([]);
  });

  test.each([
    ['of another source', { source: 'com.example' }],
    ['of another kind', { 'detail-type': 'Something Else' }],
    ['without an app', { detail: { id: 'a', org_id: 'acme', status: 'failed', at: '2030-01-01T00:00:00Z' } }],
    ['without a time', { detail: { id: 'a', org_id: 'acme', app_id: 'shop', status: 'failed', at: 'soon' } }],
    ['that is none', { detail: 7 }],
  ])('%s is for nobody', async (_, more) => {
    const target = await receiver();
    await world.add('hook', target.url);
    await world.handle({ ...world.runEvent('failed'), ...more });
    expect(await world.deliveries('hook')).toEqual([]);
    expect(target.received).toEqual([]);
  });

  test('costs an app without webhooks one read', async () => {
    const reads: string[] = [];
    const counted = new Proxy(world.table, {
      get: (table, name: keyof Table) => {
        reads.push(name);
        return table[name].bind(table);
      },
    });
    await world.handle(world.runEvent(), counted);
    expect(reads).toEqual(['query']);
  });
});

const PRIVATE = 'http://10.11.12.13/internal';

/** What a receiver does, and what of it stands in the record. */
const FAILURES: readonly (readonly [string, Reaction, JsonObject])[] = [
  ['500', 500, { error: 'UNEXPECTED_STATUS', response_status_code: 500 }],
  ['404', 404, { error: 'UNEXPECTED_STATUS', response_status_code: 404 }],
  ['429', 429, { error: 'UNEXPECTED_STATUS', response_status_code: 429 }],
  ['304', 304, { error: 'UNEXPECTED_STATUS', response_status_code: 304 }],
  [
    'a redirect to a private address',
    response => response.writeHead(307, { location: PRIVATE }).end(),
    {
      error: 'UNEXPECTED_STATUS',
      response_status_code: 307,
      message: 'The receiver answered 307. Redirects are not followed.',
    },
  ],
  ['nothing', 'hang', { error: 'TIMEOUT' }],
  ['half an answer', 'close', { error: 'CONNECTION_FAILED' }],
  ['an end without an answer', response => response.destroy(), { error: 'CONNECTION_FAILED' }],
  ['more than anybody reads', response => response.end('x'.repeat(65_537)), { error: 'RESPONSE_TOO_LARGE' }],
];

/** The time of the attempt is over once the receiver has the request, however slow the machine is. */
async function handleUntilGivenUp(target: Receiver): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const handled = world.handle(world.runEvent());
    while (target.received.length === 0) await new Promise(resolve => setImmediate(resolve));
    vi.advanceTimersByTime(MINUTE);
    await handled;
  } finally {
    vi.useRealTimers();
  }
}

describe('a receiver that answers with', () => {
  test.each(FAILURES)('%s gets it again, under the same id, and then has it', async (_, reaction, noted) => {
    const target = await receiver(reaction, 200);
    const secret = await world.add('hook', target.url);
    await (reaction === 'hang' ? handleUntilGivenUp(target) : world.handle(world.runEvent()));
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'pending', attempts: 1, ...noted }]);
    const [{ message, next_attempt_at: next }] = await world.deliveries('hook');
    expect(message).not.toContain('/hook');
    expect(Date.parse(next) - world.clock.now()).toBeLessThanOrEqual(5_500);
    await pass(MINUTE);
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    expect(target.received).toHaveLength(2);
    const [first, second] = target.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(Number(first?.headers['webhook-timestamp']) + 60);
    expect(second?.body).toBe(first?.body);
    world.verified(secret, second);
    expect(world.reports).toEqual([]);
  });

  test('exactly as much as is read has it', async () => {
    const target = await receiver(response => response.end('x'.repeat(65_536)));
    await world.add('hook', target.url);
    await world.handle(world.runEvent());
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'delivered' }]);
  });

  test('410 gets nothing any more', async () => {
    const target = await receiver(410);
    await world.add('hook', target.url);
    await world.handle(world.runEvent());
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'failed', attempts: 1, error: 'GONE' }]);
    const { json } = await world.send('GET', '/hook');
    expect(json).toMatchObject({ disabled: true, disabled_reason: 'gone' });
    expect(await disablings()).toMatchObject([
      { reason: expect.stringContaining('410'), details: { webhook: 'hook' } },
    ]);
    await world.handle(world.runEvent());
    await pass(10 * MINUTE);
    expect(target.received).toHaveLength(1);
    target.react(200);
    await world.send('PATCH', '/hook', { disabled: false });
    await world.handle(world.runEvent());
    expect(target.received).toHaveLength(2);
  });
});

describe('a dead receiver', () => {
  test('gets ten attempts over three days; then it is listed, and delivered when somebody asks', async () => {
    const target = await receiver(503);
    await world.add('hook', target.url);
    const event = world.runEvent();
    const began = world.clock.now();
    await world.handle(event);
    const times: number[] = [];
    for (let seen = 1; world.clock.now() < began + 4 * DAY; seen = target.received.length) {
      await pass(MINUTE);
      if (target.received.length > seen) times.push(world.clock.now() - began);
    }
    // Minutes: the first pause is over with the next round.
    let sum = 0;
    const expected = [1, 5, 30, 120, 300, 600, 840, 1_200, 1_440].map(minutes => {
      sum += minutes * MINUTE;
      return sum;
    });
    expect(times).toHaveLength(9);
    for (const [index, time] of times.entries()) {
      expect(time).toBeGreaterThan((expected[index] ?? 0) * 0.85);
      expect(time).toBeLessThan((expected[index] ?? 0) * 1.15 + 10 * MINUTE);
    }
    expect(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const [given] = await world.deliveries('hook', '?status=failed');
    expect(given).toMatchObject({
      status: 'failed',
      attempts: 10,
      error: 'UNEXPECTED_STATUS',
      response_status_code: 503,
    });
    expect(given).not.toHaveProperty('next_attempt_at');

    target.react(200);
    const again = await world.send('POST', `/hook/deliveries/${given.id}/redeliver`);
    expect(again).toMatchObject({ status: 202, json: { status: 'pending' } });
    await world.hearTold();
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'delivered', attempts: 11 }]);
    expect(target.received.at(-1)?.headers['webhook-id']).toBe(target.received[0]?.headers['webhook-id']);
  }, 300_000);

  test('keeps no other one waiting', async () => {
    const dead = await receiver('hang');
    const fine = await receiver();
    await world.add('dead', dead.url);
    await world.add('fine', fine.url);
    const handled = Array.from({ length: 3 }, () => world.handle(world.runEvent()));
    while (fine.received.length < 3 || dead.received.length < 3) await world.clock.flush();
    // Nobody of those is through, for the dead one still hangs; what comes has its own way.
    await dead.close();
    await Promise.all(handled);
    expect(await world.deliveries('dead')).toMatchObject([1, 2, 3].map(() => ({ status: 'pending', attempts: 1 })));
    expect(await world.deliveries('fine')).toMatchObject([1, 2, 3].map(() => ({ status: 'delivered' })));
    // After three failures events are only recorded: whoever hears of them does not wait for it.
    await world.handle(world.runEvent());
    expect(await world.deliveries('dead')).toMatchObject([{ attempts: 0, status: 'pending' }, {}, {}, {}]);
    expect(fine.received).toHaveLength(4);
  });

  test('keeps no other one waiting in a round', async () => {
    const [dead, fine] = [await receiver(500), await receiver(500)];
    await world.add('dead', dead.url);
    await world.add('fine', fine.url);
    for (let count = 0; count < 40; count += 1) await world.handle(world.runEvent());
    dead.react('hang');
    fine.react(200);
    await world.clock.advance(10 * MINUTE);
    const tried = dead.received.length;
    const round = world.round();
    while ((await world.deliveries('fine', '?status=delivered&per_page=100')).length < 40) await world.clock.flush();
    // Of one webhook some are sent at the same time, and no more.
    expect(dead.received.length - tried).toBeLessThanOrEqual(8);
    await dead.close();
    await round;
  });

  test('is told of nothing after five days without one that arrived', async () => {
    const target = await receiver(500);
    await world.add('hook', target.url);
    for (let day = 0; day < 5; day += 1) {
      expect((await world.send('GET', '/hook')).json.disabled, `day ${day}`).toBe(false);
      await world.handle(world.runEvent());
      await world.clock.advance(DAY);
      await world.round();
    }
    const { json } = await world.send('GET', '/hook');
    expect(json).toMatchObject({
      disabled: true,
      disabled_reason: 'failing',
      failing_since: '2030-01-01T00:00:00.000Z',
    });
    expect(await disablings()).toMatchObject([
      {
        user_id: PIPELINES_SYSTEM_USER,
        request_method: 'DELIVERY',
        request_path: '/orgs/acme/apps/shop/webhooks/hook',
      },
    ]);
    await pass(5 * MINUTE);
    const failed = await world.deliveries('hook', '?status=failed');
    expect(failed.map(({ error }) => error)).toContain('WEBHOOK_DISABLED');
    expect(await world.send('POST', `/hook/deliveries/${failed[0].id}/redeliver`)).toMatchObject({ status: 409 });
    const enabled = await world.send('PATCH', '/hook', { disabled: false });
    expect(enabled.json).toMatchObject({ disabled: false });
    expect(enabled.json).not.toHaveProperty('failing_since');
  });

  test('that comes back is trusted again', async () => {
    const target = await receiver(500, 500, 200);
    await world.add('hook', target.url);
    await world.handle(world.runEvent());
    expect((await world.send('GET', '/hook')).json).toHaveProperty('failing_since');
    await pass(MINUTE);
    await pass(10 * MINUTE);
    expect(target.received).toHaveLength(3);
    expect((await world.send('GET', '/hook')).json).not.toHaveProperty('failing_since');
  });
});

describe('secrets', () => {
  test('the old and the new one sign for a day; then the new one alone', async () => {
    const target = await receiver();
    const old = await world.add('hook', target.url);
    const rotated = await world.send('POST', '/hook/rotate-secret');
    const fresh: string = rotated.json.secret;
    expect(rotated.json.previous_secret_until).toBe('2030-01-02T00:00:00.000Z');
    expect(fresh).not.toBe(old);
    await world.handle(world.runEvent());
    await world.clock.advance(DAY - 1);
    await world.handle(world.runEvent());
    await world.clock.advance(1);
    await world.handle(world.runEvent());
    const [first, second, third] = target.received;
    if (first === undefined || second === undefined || third === undefined) throw new Error('not all arrived');
    for (const { headers } of [first, second]) expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const secret of [old, fresh])
      expect(world.verifiedAt(secret, second)).toMatchObject({ type: 'pipeline_run.succeeded' });
    expect(String(third.headers['webhook-signature']).split(' ')).toHaveLength(1);
    world.verified(fresh, third);
    expectRefused(old, third, world.clock.now());
    expect((await world.send('GET', '/hook')).json).not.toHaveProperty('previous_secret_until');
  });

  test('three sign at the most: the oldest makes room', async () => {
    const target = await receiver();
    const secrets = [await world.add('hook', target.url)];
    for (let count = 0; count < 3; count += 1)
      secrets.push((await world.send('POST', '/hook/rotate-secret')).json.secret);
    await world.handle(world.runEvent());
    const [received] = target.received;
    if (received === undefined) throw new Error('nothing arrived');
    const [oldest = '', ...others] = secrets;
    for (const secret of others) world.verified(secret, received);
    expectRefused(oldest, received, world.clock.now());
  });

  test('another one than that of the webhook is refused, and so is another body', async () => {
    const target = await receiver();
    const [mine, others] = [await world.add('hook', target.url), await world.add('other', `${target.url}/other`)];
    await world.handle(world.runEvent());
    const received = target.received.find(({ path }) => path === '/hook');
    if (received === undefined) throw new Error('nothing arrived');
    expectRefused(others, received, world.clock.now());
    expectRefused(mine, { ...received, body: received.body.replace('succeeded', 'failed') }, world.clock.now());
  });

  test('one that cannot be opened is our trouble: it is reported, and tried again', async () => {
    const target = await receiver();
    await world.add('hook', target.url);
    const broken = { ...world.deps.vault, open: () => Promise.reject(new Error('KMS is away')) };
    const { createDeliverWebhooksHandler } = await import(
      '../../../functions/deliver-webhooks/deliver-webhooks-handler.ts'
    );
    await createDeliverWebhooksHandler({ ...world.deps, vault: broken })(world.runEvent());
    expect(await world.deliveries('hook')).toMatchObject([{ status: 'pending', error: 'NOT_SENT' }]);
    expect(world.reports.join()).toContain('KMS is away');
    expect((await world.send('GET', '/hook')).json).not.toHaveProperty('failing_since');
    await pass(MINUTE);
    expect(target.received).toHaveLength(1);
  });
});

test('a test event is sent at once, and once', async () => {
  const target = await receiver(500);
  const secret = await world.add('hook', target.url, { triggers: [{ scope: 'approval', type: 'denied' }] });
  const asked = await world.send('POST', '/hook/test', undefined, 'owner');
  expect(asked.status).toBe(202);
  await world.hearTold();
  await pass(10 * MINUTE);
  expect(target.received).toHaveLength(1);
  expect(world.verifiedAt(secret, target.received[0])).toMatchObject({
    type: 'webhook.test',
    data: { webhook_id: 'hook' },
  });
  const { json } = await world.send('GET', `/hook/deliveries/${asked.json.id}`);
  expect(json).toMatchObject({ status: 'failed', attempts: 1, response_status_code: 500 });
  // It says nothing about the events.
  expect((await world.send('GET', '/hook')).json).not.toHaveProperty('failing_since');
});

test('a test event that nobody was told of is sent by the next round', async () => {
  const target = await receiver();
  await world.add('hook', target.url);
  await world.send('POST', '/hook/test');
  await world.round();
  await world.hearTold();
  expect(target.received).toHaveLength(1);
});

test('a webhook that is deleted gets nothing more, and a new one of its id nothing of the old one', async () => {
  const target = await receiver(500);
  await world.add('hook', target.url);
  await world.handle(world.runEvent());
  await world.send('DELETE', '/hook');
  target.react(200);
  await world.add('hook', `${target.url}/new`);
  expect(await world.deliveries('hook')).toEqual([]);
  await pass(10 * MINUTE);
  expect(target.received.map(({ path }) => path)).toEqual(['/hook']);
  await world.handle(world.runEvent());
  expect(target.received.map(({ path }) => path)).toEqual(['/hook', '/hook/new']);
});

test('a webhook whose URL is changed gets there what waits', async () => {
  const [before, after] = [await receiver(500), await receiver()];
  await world.add('hook', before.url);
  await world.handle(world.runEvent());
  await world.send('PATCH', '/hook', { url: after.url });
  await pass(MINUTE);
  expect([before.received.length, after.received.length]).toEqual([1, 1]);
});
