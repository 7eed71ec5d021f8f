import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../local/serve.ts';
import type { Settings } from '../../local/settings.ts';
import { WEBHOOKS_KEY } from '../../src/events/delivered-event.ts';
import type { BusEvent } from '../../src/ports/bus.ts';
import { ADMIN_TOKEN, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient } from '../kit/pipecall-client.ts';
import { type Received, type Receiver, startReceiver, verified } from '../kit/webhook-receiver.ts';

const PIPELINE = `id: hooked
name: Hooked
on: { pipeline_call: {} }
jobs:
  a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: hi } }] }
`;

const JSON_TYPE = { 'content-type': 'application/json' };

type Delivery = { readonly id: string; readonly event_id: string; readonly status: string; readonly attempts: number };

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let target: Receiver;
beforeEach(async () => {
  data = await temporaryFolder();
  target = await startReceiver();
});
afterEach(async () => {
  await target.close();
  await data.remove();
});

const settings = (more: Partial<Settings> = {}): Settings => ({
  ...{ port: 0, data: data.path, sdk: false, allowEgress: ['127.0.0.0/8'], adminToken: ADMIN_TOKEN, retentionDays: 90 },
  ...more,
});

async function open(more: Partial<Settings> = {}) {
  const server = await serve(settings(more));
  onTestFinished(() => server.close());
  return { server, client: pipecallClient(server.url, ADMIN_TOKEN) };
}

/** Adds it; answers its secret. */
async function add(client: PipecallClient, id: string, url: string, more: object = {}): Promise<string> {
  const body = JSON.stringify({ id, url, ...more });
  const answer = await client.send('POST', `${client.app}/webhooks`, body, JSON_TYPE);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return (answer.body as { readonly secret: string }).secret; // as: what the API answers is judged elsewhere
}

async function deliveries(client: PipecallClient, id: string, query = ''): Promise<readonly Delivery[]> {
  const { status, body } = await client.send('GET', `${client.app}/webhooks/${id}/deliveries?per_page=100${query}`);
  expect(status).toBe(200);
  return body as readonly Delivery[]; // as: what the API answers is judged elsewhere
}

/** Looks again until it holds: nothing else than the server can make it so. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve));
}

const idOf = ({ headers }: Received): string => String(headers['webhook-id']);
const typesOf = (secret: string): readonly string[] =>
  target.received.map(received => (verified(secret, received) as { readonly type: string }).type).toSorted(); // as: it is signed

describe.each([
  ['embedded', false],
  ['--sdk', true],
] as const)('%s', (_, sdk) => {
  test('a run is told of, and a receiver takes it for what it is; a test event arrives at once', async () => {
    const { client } = await open({ sdk });
    const secret = await add(client, 'hook', target.url);
    expect(await client.upload(PIPELINE)).toMatchObject({ status: 201 });
    await client.start('hooked', {}, 25);
    await until(() => target.received.length >= 3);
    expect(typesOf(secret)).toEqual(['pipeline_run.executing', 'pipeline_run.queued', 'pipeline_run.succeeded']);
    await client.send('POST', `${client.app}/webhooks/hook/test`);
    await until(() => target.received.length >= 4);
    expect(typesOf(secret)).toContain('webhook.test');
    await until(async () => (await deliveries(client, 'hook', '&status=delivered')).length === 4);
    const [newest] = await deliveries(client, 'hook');
    await client.send('POST', `${client.app}/webhooks/hook/deliveries/${newest?.id}/redeliver`);
    await until(() => target.received.length >= 5);
    expect(target.received.map(idOf).filter(id => id === newest?.event_id)).toHaveLength(2);
  });
});

test('what fails is tried again by itself', async () => {
  const { client } = await open();
  const secret = await add(client, 'hook', target.url, { triggers: [{ scope: 'pipeline_run', type: 'succeeded' }] });
  target.react('close', 500, 200);
  await client.upload(PIPELINE);
  await client.start('hooked', {}, 25);
  await until(() => target.received.length >= 2);
  expect(new Set(target.received.map(idOf)).size).toBe(1);
  expect(typesOf(secret)).toEqual(['pipeline_run.succeeded', 'pipeline_run.succeeded']);
  await until(async () => (await deliveries(client, 'hook')).every(({ attempts }) => attempts === 2));
}, 300_000);

test('after kill -9 in the middle of an attempt the next process makes it again', async () => {
  target.react('hang');
  const first = await startLocalServer({ data: data.path });
  const before = pipecallClient(first.url, ADMIN_TOKEN);
  const secret = await add(before, 'hook', target.url, { triggers: [{ scope: 'pipeline_run', type: 'succeeded' }] });
  await before.upload(PIPELINE);
  await before.start('hooked', {}, 25);
  await until(() => target.received.length >= 1);
  expect(await first.stop('SIGKILL')).toBeNull();
  const hung = target.received.length;
  target.react(200);
  const second = await startLocalServer({ data: data.path });
  onTestFinished(async () => void (await second.stop('SIGKILL')));
  await until(() => target.received.length > hung);
  expect(new Set(target.received.map(idOf)).size).toBe(1);
  expect(typesOf(secret)).toHaveLength(hung + 1);
  const after = pipecallClient(second.url, ADMIN_TOKEN);
  await until(async () => (await deliveries(after, 'hook')).some(({ status }) => status === 'delivered'));
});

test('a thousand events on the bus arrive, while another receiver hangs', async () => {
  const { server, client } = await open();
  const dead = await startReceiver('hang');
  onTestFinished(() => dead.close());
  await add(client, 'dead', dead.url);
  const secret = await add(client, 'hook', target.url);
  const at = new Date().toISOString();
  const events = Array.from({ length: 1_000 }, (_, index): BusEvent => {
    const run = server.home.ids.ordered();
    const place = { org_id: 'demo', app_id: 'hello', pipeline_id: 'hooked', run_id: run, at, event_depth: index % 2 };
    return {
      source: 'pipecall',
      detailType: 'Pipeline Run Status Change',
      detail: { [WEBHOOKS_KEY]: true, id: `${run}/failed`, ...place, status: 'failed' },
    };
  });
  for (let from = 0; from < events.length; from += 10) await server.home.bus.put(events.slice(from, from + 10));
  await until(() => target.received.length >= 1_000);
  expect(new Set(target.received.map(idOf))).toEqual(new Set(events.map(({ detail }) => detail.id)));
  expect(new Set(typesOf(secret))).toEqual(new Set(['pipeline_run.failed']));
  expect(dead.received.length).toBeGreaterThan(0);
  expect(dead.mostAtOnce()).toBeLessThanOrEqual(8);
}, 300_000);
