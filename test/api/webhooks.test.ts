import { afterEach, beforeEach, expect, test } from 'vitest';
import { approvalEvent, runEvents } from '../../src/run/status-events.ts';
import { listWebhooks } from '../../src/store/webhooks.ts';
import { smallPipeline } from '../kit/api-world.ts';
import { eventWorld } from '../kit/event-world.ts';
import { at, createDocumentAjv, document } from '../kit/openapi-check.ts';
import { startReceiver } from '../kit/webhook-receiver.ts';
import { deliveredBy, openWebhookWorld, type WebhookWorld } from '../kit/webhook-world.ts';

let world: WebhookWorld;
beforeEach(async () => {
  world = await openWebhookWorld();
});
afterEach(() => world.close());

test('all that is sent is as the section "webhooks" of the document says', async () => {
  const target = await startReceiver();
  try {
    await world.add('hook', target.url);
    const run = await world.addRun();
    const approval = {
      ...{ ...run, job: 'a', id: world.ids.uuid(), envId: 'development', message: 'May I?', minApprovals: 1 },
      ...{
        allowSelf: true,
        createdAt: world.clock.now(),
        status: 'waiting' as const,
        decisions: [],
        expiresAt: 2_000_000_000,
      },
    };
    const ended = { ...run, status: 'failed' as const, message: 'it failed', executingAt: 1, completedAt: 2 };
    for (const event of [...runEvents(ended), approvalEvent(run, approval)]) await world.handle(deliveredBy(event));
    await world.send('POST', '/hook/test');
    await world.hearTold();
    const ajv = createDocumentAjv();
    const seen = target.received.map(({ body, headers }) => {
      const event = JSON.parse(body);
      const name = event.type === 'webhook.test' ? event.type : event.type.split('.')[0];
      const described = at(document, ['webhooks', name, 'post']);
      const reference = at(described, ['requestBody', 'content', 'application/json', 'schema', '$ref']);
      const validate = ajv.compile({ $ref: `https://pipecall.example/openapi.json${reference}` });
      expect(validate(event) ? [] : validate.errors, body).toEqual([]);
      const promised = at(described, ['parameters']) as readonly { readonly name: string }[]; // as: of the document
      for (const parameter of promised) expect(headers[parameter.name]).toBeTruthy();
      return event.type;
    });
    expect(seen).toEqual([
      ...['pipeline_run.queued', 'pipeline_run.executing', 'pipeline_run.failed'],
      ...['approval.waiting', 'webhook.test'],
    ]);
  } finally {
    await target.close();
  }
});

test('that somebody asks for a delivery starts no pipeline, whatever it listens to', async () => {
  const events = eventWorld(world);
  await events.save(
    smallPipeline('nosy', 'permissions: { application: developer }\n').replace(
      'pipeline_call:',
      'event: { source: [pipecall] }\n  pipeline_call:',
    ),
  );
  await world.add('hook', 'https://example.com/');
  await world.send('POST', '/hook/test');
  expect(world.told).toHaveLength(1);
  for (const event of world.told) await events.handle(deliveredBy(event));
  expect(await events.runs('nosy')).toEqual([]);
  expect(await events.refused()).toEqual([]);
  // It does hear of runs.
  await events.handle(world.runEvent());
  expect(await events.runs('nosy')).toHaveLength(1);
});

test('of many that are added at the same time no more stay than an app may have', async () => {
  for (let n = 0; n < 18; n += 1) await world.add(`hook-${n}`, 'https://example.com/');
  const ids = Array.from({ length: 5 }, (_, n) => `late-${n}`);
  const answers = await Promise.all(ids.map(id => world.send('POST', '', { id, url: 'https://example.com/' })));
  for (const { status, json } of answers) if (status !== 201) expect(json.error).toBe('TOO_MANY_WEBHOOKS');
  const added = ids.filter((_, n) => answers[n]?.status === 201);
  const listed = (await world.send('GET', '')).json.map(({ id }: { readonly id: string }) => id);
  expect(listed).toHaveLength(18 + added.length);
  expect(listed.length).toBeLessThanOrEqual(20);
  expect(ids.filter(id => listed.includes(id))).toEqual(added);
});

test('of two changes at the same time one is refused', async () => {
  await world.add('hook', 'https://example.com/');
  const answers = await Promise.all([1, 2, 3].map(n => world.send('PATCH', '/hook', { description: `${n}` })));
  const statuses = answers.map(({ status }) => status).toSorted();
  expect(statuses[0]).toBe(200);
  for (const { status, json } of answers) if (status !== 200) expect(json.error).toBe('CHANGED_MEANWHILE');
});

test('what deliveries note does not get lost in a change, nor the other way round', async () => {
  const target = await startReceiver(500);
  await world.add('hook', target.url);
  const before = await world.send('GET', '/hook');
  await world.handle(world.runEvent());
  await target.close();
  const headers = { 'if-match': before.json.etag };
  const path = '/orgs/acme/apps/shop/webhooks/hook';
  // It is not as it was seen: it fails.
  expect((await world.client({ method: 'PATCH', path, headers, body: { description: 'new' } })).status).toBe(412);
  const changed = await world.send('PATCH', '/hook', { description: 'new' });
  expect(changed.json).toMatchObject({ description: 'new', failing_since: expect.any(String) });
});

test('a secret lies sealed in the table, and the list never says one', async () => {
  const secret = await world.add('hook', 'https://example.com/');
  const [record] = await listWebhooks(world.table, { org: 'acme', app: 'shop' }, world.deps.report.bind(null, ''));
  expect(record?.secrets).toMatchObject([{ sealed: expect.stringMatching(/^local1\./) }]);
  expect(await world.deps.vault.open({ org: 'acme', app: 'shop' }, record?.secrets[0]?.sealed ?? '')).toBe(secret);
  for (const path of ['', '/hook']) expect((await world.send('GET', path)).text).not.toMatch(/whsec_|sealed/);
});
