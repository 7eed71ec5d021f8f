import { afterEach, beforeEach, expect, test } from 'vitest';
import { putEvents } from '../../cli/event.ts';
import { type LocalBus, openBus } from '../../local/bus.ts';
import { busEndpoint } from '../../local/bus-endpoint.ts';
import { createGateway, type Gateway } from '../../local/gateway.ts';
import { ADMINISTRATOR } from '../../local/seed-names.ts';
import { systemIds } from '../../src/aws/ids.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';

let clock: FakeClock;
let bus: LocalBus;
let gateway: Gateway;
let broken: boolean;
let printed: string[];

beforeEach(async () => {
  clock = createFakeClock();
  broken = true;
  printed = [];
  const target = async () => {
    if (broken) throw new Error('not now');
  };
  bus = openBus({ file: ':memory:', clock, ids: systemIds, targets: { target }, report: () => undefined });
  bus.start();
  gateway = await createGateway({
    handler: () => Promise.reject(new Error('nobody asks the API here')),
    port: 0,
    own: busEndpoint(bus, ({ authorization }) =>
      authorization === 'Bearer admin'
        ? Promise.resolve({ id: ADMINISTRATOR, type: 'user', roles: [], noted: Promise.resolve() })
        : undefined,
    ),
  });
});
afterEach(async () => {
  await gateway.close();
  await bus.close();
});

const run = (args: readonly string[], token = 'admin') =>
  putEvents(args, {
    environment: { PIPECALL_URL: gateway.url, PIPECALL_TOKEN: token },
    print: line => printed.push(line),
  });

test('--dead shows dead letters, --resend has them delivered again', async () => {
  const [put] = await bus.put([{ source: 'com.example.shop', detailType: 'OrderPlaced', detail: { id: 'o-1' } }]);
  await clock.advance(3_600_000);
  expect(await run(['--dead'])).toBe(0);
  expect(printed.map(line => JSON.parse(line))).toMatchObject([
    { event: put !== undefined && 'id' in put ? put.id : '', target: 'target', attempts: 5, reason: 'not now' },
  ]);
  broken = false;
  expect(await run(['--resend'])).toBe(0);
  expect(printed.at(-1)).toMatch(/^1 dead letters are delivered again/);
  await bus.idle();
  printed.length = 0;
  expect(await run(['--dead'])).toBe(0);
  expect(printed).toEqual([]);
});

test.each(['--dead', '--resend'])('%s is for the administrator of the server', async option => {
  expect(await run([option], 'nobody')).toBe(2);
  expect(printed.at(-1)).toContain('PIPECALL_TOKEN must hold a token of http://127.0.0.1');
});

test('without a file it says how it is used', async () => {
  expect(await run([])).toBe(2);
  expect(printed[0]).toBe('usage: npm run event -- <file.json> | --dead | --resend');
});
