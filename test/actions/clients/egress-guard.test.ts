import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHttpClient } from '../../../src/actions/clients/http-client.ts';
import { http } from '../../../src/actions/http.ts';
import { invalid, names, refused } from '../../fixtures/actions/egress-urls.ts';
import { createContext } from '../context.ts';
import { exchange } from '../exchange.ts';
import { createStandIn, type StandIn } from '../stand-in.ts';

// The proof that nothing is connected to is twofold: a server where the connection would arrive, and Node's own
// announcement of every socket that is about to connect.

const secret: RequestListener = (_request, response) => response.end('secret');

let trap: StandIn;
let sockets = 0;
const count = () => {
  sockets++;
};

beforeAll(async () => {
  trap = await createStandIn(secret);
});
afterAll(() => trap.close());
beforeEach(() => {
  sockets = 0;
  trap.log.connections = 0;
  subscribe('net.client.socket', count);
});
afterEach(() => {
  unsubscribe('net.client.socket', count);
});

const guarded = createHttpClient({ allowEgress: [] });
const at = (url: string) => url.replaceAll('{port}', String(trap.port));

test('the trap works: what is allowed arrives and is announced', async () => {
  const open = createHttpClient({ allowEgress: ['127.0.0.0/8'] });
  expect(await open(exchange(at('http://127.0.0.1:{port}/')))).toMatchObject({ ok: true, body: 'secret' });
  expect([trap.log.connections, sockets]).toEqual([1, 1]);
});

test.each(refused)('%j is refused, nothing is connected to', async url => {
  expect(await guarded(exchange(at(url)))).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
  expect([trap.log.connections, sockets]).toEqual([0, 0]);
});

test.each(invalid)('%j is not a URL to connect to', async url => {
  expect(await guarded(exchange(at(url)))).toMatchObject({ ok: false, code: 'INVALID_URL' });
  expect([trap.log.connections, sockets]).toEqual([0, 0]);
});

test.each([
  [['127.0.0.1']],
  [['::1', '127.0.0.1']],
  [['10.0.0.7']],
  [['169.254.169.254']],
  [['::ffff:127.0.0.1']],
  [['not an address']],
])('a name that answers %j is refused', async answers => {
  const client = createHttpClient({ allowEgress: [], lookup: async () => answers });
  expect(await client(exchange(at('http://example.com:{port}/')))).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
  expect([trap.log.connections, sockets]).toEqual([0, 0]);
});

test.each(names)('the name %s is asked for as %s, and refused when that is private', async (written, asked) => {
  const questions: string[] = [];
  const lookup = async (name: string) => {
    questions.push(name);
    return ['127.0.0.1'];
  };
  const client = createHttpClient({ allowEgress: [], lookup });
  const answer = await client(exchange(at(`http://${written}:{port}/`)));
  expect(answer).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
  expect([questions, trap.log.connections, sockets]).toEqual([[asked], 0, 0]);
});

test('a name is asked once for each connection, so that it cannot answer the socket otherwise', async () => {
  const asked: string[] = [];
  const answers = [['127.0.0.1'], ['169.254.169.254']];
  const lookup = async (name: string) => {
    asked.push(name);
    return answers.shift() ?? [];
  };
  const client = createHttpClient({ allowEgress: ['127.0.0.1/32'], lookup });
  const url = at('http://rebind.test:{port}/');
  expect(await client(exchange(url))).toMatchObject({ ok: true, body: 'secret' });
  expect([asked, trap.log.connections, sockets]).toEqual([['rebind.test'], 1, 1]);
  expect(await client(exchange(url))).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
  expect([asked.length, trap.log.connections, sockets]).toEqual([2, 1, 1]);
});

test.each([
  [['10.0.0.7', '127.0.0.1']],
  [['127.0.0.1', '10.0.0.7']],
  [['169.254.169.254', '::ffff:127.0.0.1', 'fe80::1']],
])('of the mixed answer %j only the allowed address is used', async answers => {
  const client = createHttpClient({ allowEgress: ['127.0.0.0/8'], lookup: async () => answers });
  expect(await client(exchange(at('http://mixed.test:{port}/')))).toMatchObject({ ok: true, body: 'secret' });
  expect([trap.log.connections, sockets]).toEqual([1, 1]);
});

test.runIf(process.platform === 'linux')(
  'a forbidden address of a mixed answer is not tried, even where it would answer',
  async () => {
    const inner = await createStandIn(secret, { host: '127.0.0.2', port: trap.port });
    const client = createHttpClient({ allowEgress: ['127.0.0.1'], lookup: async () => ['127.0.0.2', '127.0.0.1'] });
    expect(await client(exchange(at('http://mixed.test:{port}/')))).toMatchObject({ ok: true, body: 'secret' });
    expect([inner.log.connections, trap.log.connections]).toEqual([0, 1]);
    await inner.close();
  },
);

test('a name without addresses is a failed connection', async () => {
  const client = createHttpClient({ allowEgress: [], lookup: async () => [] });
  expect(await client(exchange('http://nowhere.test/'))).toMatchObject({ ok: false, code: 'CONNECTION_FAILED' });
});

test('a peer that is not who was called is found out before a byte is sent', async () => {
  // The kernel connects 0.0.0.0 to 127.0.0.1: the socket's peer is another address than the one that was allowed.
  const client = createHttpClient({ allowEgress: ['0.0.0.0/32'] });
  for (const scheme of ['http', 'https']) {
    trap.log.bytes = 0;
    const gone = trap.nextClose();
    const answer = await client(exchange(at(`${scheme}://0.0.0.0:{port}/`)));
    expect(answer).toMatchObject({ ok: false, code: 'EGRESS_REFUSED', message: expect.stringContaining('127.0.0.1') });
    await gone;
    expect(trap.log.bytes).toBe(0);
  }
});

const REDIRECTS = [301, 302, 303, 307, 308];
const PRIVATE = [
  'http://127.0.0.2:{port}/',
  'http://[::1]:{port}/',
  'http://169.254.169.254/',
  'http://0x7f000002:{port}/',
  '//10.0.0.1/',
];

test.each(REDIRECTS.flatMap(status => PRIVATE.map(target => [status, target] as const)))(
  'a redirect %i to %s is refused, on the first and on the second hop',
  async (status, target) => {
    const front = await createStandIn((request, response) => {
      response.writeHead(status, { location: request.url === '/second' ? '/first' : at(target) }).end();
    });
    // Only Linux has all of 127.0.0.0/8; elsewhere the count of sockets is the proof.
    const inner =
      process.platform === 'linux' ? await createStandIn(secret, { host: '127.0.0.2', port: trap.port }) : trap;
    const client = createHttpClient({ allowEgress: ['127.0.0.1/32'] });
    for (const [path, hops] of [
      ['/first', 1],
      ['/second', 2],
    ] as const) {
      sockets = 0;
      const answer = await client(exchange(front.origin + path, { method: 'POST', body: '{}', followRedirects: true }));
      expect(answer).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
      expect([inner.log.connections, trap.log.connections, sockets]).toEqual([0, 0, hops]);
    }
    await Promise.all([front.close(), inner === trap ? undefined : inner.close()]);
  },
);

test.each(REDIRECTS)('a redirect %i to the same name, which answers a private address by then', async status => {
  const front = await createStandIn((_request, response) => response.writeHead(status, { location: '/again' }).end());
  const inner =
    process.platform === 'linux' ? await createStandIn(secret, { host: '127.0.0.2', port: front.port }) : trap;
  const answers = [['127.0.0.1'], ['127.0.0.2', '::1', '169.254.169.254']];
  const lookup = async () => answers.shift() ?? [];
  const client = createHttpClient({ allowEgress: ['127.0.0.1/32'], lookup });
  const url = `http://rebind.test:${front.port}/`;
  expect(await client(exchange(url, { method: 'POST', body: '{}', followRedirects: true }))).toMatchObject({
    ok: false,
    code: 'EGRESS_REFUSED',
  });
  expect([answers, front.log.requests.length, inner.log.connections, sockets]).toEqual([[], 1, 0, 1]);
  await Promise.all([front.close(), inner === trap ? undefined : inner.close()]);
});

test('a redirect is not followed unless asked for', async () => {
  const front = await createStandIn((_request, response) => {
    response.writeHead(302, { location: at('http://127.0.0.1:{port}/') }).end();
  });
  const client = createHttpClient({ allowEgress: ['127.0.0.1/32'] });
  expect(await client(exchange(front.origin))).toMatchObject({ ok: true, status: 302 });
  expect([trap.log.connections, sockets]).toEqual([0, 1]);
  await front.close();
});

test('the action http is behind the guard, whatever its other inputs', async () => {
  const inputs = {
    method: 'POST',
    data: { a: 1 },
    follow_redirects: true,
    success_codes: [200],
  };
  for (const url of [...refused, ...invalid].map(at)) {
    const context = {
      ...createContext({ inputs: { ...inputs, url } }),
      clients: { http: guarded, jq: () => Promise.reject() },
    };
    const answer = await http.run(context);
    expect([url, answer]).toMatchObject([
      url,
      { status: 'failed', code: expect.stringMatching(/^(?:EGRESS_REFUSED|INVALID_URL)$/) },
    ]);
  }
  expect([trap.log.connections, sockets]).toEqual([0, 0]);
});

test('proxies of the environment are not used', async () => {
  const before = { ...process.env };
  try {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) process.env[name] = at('http://127.0.0.1:{port}');
    process.env.NODE_USE_ENV_PROXY = '1';
    const target = await createStandIn((_request, response) => response.end('direct'));
    const client = createHttpClient({ allowEgress: ['127.0.0.1'] });
    expect(await client(exchange(target.origin))).toMatchObject({ ok: true, body: 'direct' });
    expect(trap.log.connections).toBe(0);
    await target.close();
  } finally {
    process.env = before;
  }
});
