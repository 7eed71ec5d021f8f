import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from '../../kit/webhook-receiver.ts';
import { openWebhookWorld } from '../../kit/webhook-world.ts';

/** Names as a resolver that somebody else controls may answer them: it is asked for every attempt. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'private.example.com': ['127.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
};

/** Nothing private is allowed here. The receiver counts connections, whatever comes over them. */
async function guarded(lookup = async (name: string) => NAMES[name] ?? []) {
  const world = await openWebhookWorld({ allowEgress: [], lookup });
  const target = await startReceiver();
  onTestFinished(async () => {
    await target.close();
    await world.close();
  });
  return { world, target, port: new URL(target.url).port };
}

test.each([
  ['an address', (port: string) => `http://127.0.0.1:${port}/`],
  ['an IPv6 address', (port: string) => `http://[::1]:${port}/`],
  ['a name of this machine', (port: string) => `http://localhost:${port}/`],
  ['a name that leads here', (port: string) => `https://private.example.com:${port}/s3cret`],
  ['a name that leads here by another form', (port: string) => `https://mapped.example.com:${port}/`],
  ['a name of a metadata endpoint', () => 'https://metadata.example.com/latest/meta-data'],
])('%s that is private is never connected to', async (_, urlOf) => {
  const { world, target, port } = await guarded();
  await world.add('hook', urlOf(port));
  await world.handle(world.runEvent());
  await world.clock.advance(60_000);
  await world.round();
  const [delivery] = await world.deliveries('hook');
  expect(delivery).toMatchObject({ status: 'pending', attempts: 2, error: 'EGRESS_REFUSED' });
  expect(delivery.message).toContain('may not be connected to');
  expect(delivery.message).not.toContain('s3cret');
  expect(target.connections()).toBe(0);
});

test('a redirect to a private address is not followed', async () => {
  const world = await openWebhookWorld({ allowEgress: ['127.0.0.1/32'] });
  const inner = await startReceiver();
  const outer = await startReceiver(response => response.writeHead(302, { location: inner.url }).end());
  onTestFinished(async () => {
    await Promise.all([inner.close(), outer.close()]);
    await world.close();
  });
  await world.add('hook', outer.url);
  await world.handle(world.runEvent());
  expect(await world.deliveries('hook')).toMatchObject([{ error: 'UNEXPECTED_STATUS', response_status_code: 302 }]);
  expect(outer.connections()).toBe(1);
  expect(inner.connections()).toBe(0);
});

test('a name is judged at each attempt, by the address that is connected to', async () => {
  let answers = [['93.184.216.34'], ['127.0.0.1']];
  const asked: string[] = [];
  const { world, target } = await guarded(async name => {
    asked.push(name);
    const [first = [], ...rest] = answers;
    answers = rest.length === 0 ? [first] : rest;
    // Nobody outside is called by a test.
    return first[0] === '93.184.216.34' ? [] : first;
  });
  await world.add('hook', 'https://rebound.example.com/');
  await world.handle(world.runEvent());
  await world.clock.advance(60_000);
  await world.round();
  expect(asked).toHaveLength(2);
  expect(await world.deliveries('hook')).toMatchObject([{ attempts: 2, error: 'EGRESS_REFUSED' }]);
  expect(target.connections()).toBe(0);
});
