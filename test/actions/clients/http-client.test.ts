import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../src/actions/clients/http-client.ts';
import { answers, malformed } from '../../fixtures/actions/http-answers.ts';
import { exchange } from '../exchange.ts';
import { CERTIFICATE, createStandIn, type StandIn, type StandInOptions } from '../stand-in.ts';

const http = createHttpClient({ allowEgress: ['127.0.0.0/8', '::1/128'] });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
async function standIn(listener: RequestListener, options?: StandInOptions): Promise<StandIn> {
  const server = await createStandIn(listener, options);
  open.push(server);
  return server;
}

/** A server below HTTP. `sockets` resolves with the next connection. */
async function rawServer(connected: (socket: Socket) => void) {
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy());
    connected(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: async () => void server.close() });
  // It listens on TCP.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(answers)('answer: $name', async ({ method = 'GET', status = 200, headers = {}, body, expect: expected }) => {
  const server = await standIn((_request, response) => {
    const entries = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]);
    response.writeHead(status, Object.fromEntries(entries)).end(body);
  });
  expect(await http(exchange(server.origin, { method, maxBytes: 64 * 1024 }))).toMatchObject(expected);
});

test.each(malformed)('malformed answer: %s', async (_name, bytes, code) => {
  const host = await rawServer(socket => socket.once('data', () => socket.end(bytes, 'latin1')));
  expect(await http(exchange(`http://${host}/`, { maxBytes: 64 * 1024 }))).toMatchObject({ ok: false, code });
});

test('the request arrives as it was given', async () => {
  const server = await standIn((_request, response) => response.end());
  const request = {
    method: 'POST',
    headers: { 'X-Number': '1', 'User-Agent': 'mine', 'Content-Type': 'text/x; charset=utf-8' },
    body: 'Grüße\r\n\r\nGET / HTTP/1.1',
  };
  await http(exchange(`${server.origin}/a%20b/ü?q=1&r=%26#fragment`, request));
  expect(server.log.requests).toEqual([
    {
      method: 'POST',
      path: '/a%20b/%C3%BC?q=1&r=%26',
      body: request.body,
      headers: {
        host: `127.0.0.1:${server.port}`,
        connection: 'close',
        accept: '*/*',
        'accept-encoding': 'gzip, deflate, br',
        'content-length': '25',
        'content-type': 'text/x; charset=utf-8',
        'user-agent': 'mine',
        'x-number': '1',
      },
    },
  ]);
});

// Some containers have no IPv6, not even loopback.
const hasIpv6 = Object.values(networkInterfaces()).some(list => list?.some(entry => entry.address === '::1'));

test.skipIf(!hasIpv6)('IPv6', async () => {
  const server = await standIn((_request, response) => response.end('six'), { host: '::1' });
  expect(await http(exchange(server.origin))).toMatchObject({ ok: true, body: 'six' });
});

test('localhost is tried on both of its addresses', async () => {
  const server = await standIn((_request, response) => response.end('here'));
  expect(await http(exchange(`http://localhost:${server.port}/`))).toMatchObject({ ok: true, body: 'here' });
});

test('the first address is not given up because this process stood still', async () => {
  const server = await standIn((_request, response) => response.end('here'));
  // Right after the connection was begun.
  const standStill = () => process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600));
  subscribe('net.client.socket', standStill);
  onTestFinished(() => void unsubscribe('net.client.socket', standStill));
  const lookup = async () => ['127.0.0.1', '::1'];
  const client = createHttpClient({ allowEgress: ['127.0.0.0/8', '::1/128'], lookup });
  expect(await client(exchange(`http://name.test:${server.port}/`))).toMatchObject({ ok: true, body: 'here' });
});

test('a port where nobody listens', async () => {
  const server = await createStandIn(() => undefined);
  await server.close();
  const message = expect.stringContaining(`GET ${server.origin}/x: `);
  expect(await http(exchange(`${server.origin}/x?token=secret`))).toEqual({
    ok: false,
    code: 'CONNECTION_FAILED',
    message,
  });
});

test('a name that the resolver does not know', async () => {
  const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND no.test'), { code: 'ENOTFOUND' }));
  const client = createHttpClient({ allowEgress: [], lookup });
  const message = 'GET http://no.test/: getaddrinfo ENOTFOUND no.test';
  expect(await client(exchange('http://no.test/'))).toEqual({ ok: false, code: 'CONNECTION_FAILED', message });
});

test('a range that is malformed is refused at once', () => {
  expect(() => createHttpClient({ allowEgress: ['10.0.0.0/8', 'everything'] })).toThrow(
    '"everything" is not an address range',
  );
});

test('redirects are followed: path, other origin, method', async () => {
  const end = await standIn((_request, response) => response.end('the end'));
  const start = await standIn((request, response) => {
    response
      .writeHead(request.url === '/a' ? 307 : 303, { location: request.url === '/a' ? 'b?c' : `${end.origin}/d` })
      .end();
  });
  const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-kept': 'yes' };
  const answer = await http(
    exchange(`${start.origin}/a`, { method: 'POST', body: 'x', headers, followRedirects: true }),
  );
  expect(answer).toMatchObject({ ok: true, status: 200, body: 'the end' });
  expect(start.log.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', '/a', 'x'],
    ['POST', '/b?c', 'x'],
  ]);
  expect(start.log.requests.map(request => request.headers)).toMatchObject([headers, headers]);
  expect(end.log.requests.map(({ method, path, body }) => [method, path, body])).toEqual([['GET', '/d', '']]);
  expect(end.log.requests[0]?.headers).toMatchObject({ 'x-kept': 'yes' });
  expect(Object.keys(end.log.requests[0]?.headers ?? {})).not.toContain('authorization');
  expect(Object.keys(end.log.requests[0]?.headers ?? {})).not.toContain('cookie');
});

test.each([
  [5, true],
  [6, false],
])('%i redirects are possible: %s', async (count, possible) => {
  const server = await standIn((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });
  const answer = await http(exchange(`${server.origin}/${count}`, { followRedirects: true }));
  expect(answer).toMatchObject(possible ? { ok: true, body: 'there' } : { ok: false, code: 'TOO_MANY_REDIRECTS' });
  expect(server.log.requests).toHaveLength(6);
});

test.each([302, 303, 307, 308])('a body that is for one origin crosses to no other (%i)', async status => {
  const other = await standIn((_request, response) => response.end('stolen'));
  const start = await standIn((request, response) => {
    response.writeHead(status, { location: request.url === '/a' ? '/b' : `${other.origin}/c` }).end();
  });
  const answer = await http(
    exchange(`${start.origin}/a`, { method: 'POST', body: 'secret', followRedirects: 'same-origin' }),
  );
  expect(answer).toMatchObject({ ok: false, code: 'EGRESS_REFUSED' });
  expect(start.log.requests.map(request => request.path)).toEqual(['/a', '/b']);
  expect(other.log.requests).toEqual([]);
});

test('the body of a redirect is not read', async () => {
  const server = await standIn((request, response) => {
    if (request.url === '/end') response.end('there');
    else response.writeHead(302, { location: '/end' }).write('x'.repeat(100_000));
  });
  const answer = await http(exchange(server.origin, { followRedirects: true, maxBytes: 1000 }));
  expect(answer).toMatchObject({ ok: true, body: 'there' });
});

/** Where an exchange can be stuck: what the server does, and the URL's scheme. */
const stuck: readonly (readonly [where: string, scheme: string, (socket: Socket) => void])[] = [
  ['in the TLS handshake', 'https', () => undefined],
  ['before the header', 'http', () => undefined],
  ['in the header', 'http', socket => drip(socket, 'HTTP/1.1 200 OK\r\nX-Slow: ')],
  ['before the body', 'http', socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n')],
  ['in the body', 'http', socket => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n')],
];

/** A byte every few milliseconds, for as long as anybody listens. */
function drip(socket: Socket, start: string): void {
  socket.write(start);
  const timer = setInterval(() => socket.write('x'), 5);
  socket.on('close', () => clearInterval(timer));
}

test.each(stuck)('time-out %s; the server sees the end', async (_where, scheme, behave) => {
  const closed = Promise.withResolvers<void>();
  const host = await rawServer(socket => {
    socket.once('data', () => behave(socket));
    socket.on('close', () => closed.resolve());
  });
  const message = `GET ${scheme}://${host}/: no complete answer within 0.3 s.`;
  expect(await http(exchange(`${scheme}://${host}/`, { timeout: 300 }))).toEqual({
    ok: false,
    code: 'TIMEOUT',
    message,
  });
  await closed.promise;
});

test.each(stuck)('abort %s; the server sees the end', async (_where, scheme, behave) => {
  const closed = Promise.withResolvers<void>();
  const controller = new AbortController();
  const host = await rawServer(socket => {
    socket.once('data', () => {
      behave(socket);
      setImmediate(() => controller.abort());
    });
    socket.on('close', () => closed.resolve());
  });
  const answer = await http(exchange(`${scheme}://${host}/`, { signal: controller.signal }));
  expect(answer).toMatchObject({ ok: false, code: 'ABORTED' });
  await closed.promise;
});

test('abort while the name is looked up', async () => {
  const controller = new AbortController();
  const lookup = () => {
    setImmediate(() => controller.abort());
    return new Promise<never>(() => undefined);
  };
  const client = createHttpClient({ allowEgress: [], lookup });
  expect(await client(exchange('http://slow.test/', { signal: controller.signal }))).toMatchObject({
    ok: false,
    code: 'ABORTED',
  });
});

test('abort before the start connects to nothing', async () => {
  const server = await standIn((_request, response) => response.end());
  const answer = await http(exchange(server.origin, { signal: AbortSignal.abort() }));
  expect(answer).toMatchObject({ ok: false, code: 'ABORTED' });
  expect(server.log.connections).toBe(0);
});

test('fifty exchanges at once, one signal, no listener left behind', async () => {
  const server = await standIn((request, response) => response.end(request.url));
  const { signal } = new AbortController();
  let listeners = 0;
  const watched = Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof signal.addEventListener>) => {
      listeners++;
      AbortSignal.prototype.addEventListener.apply(signal, args);
    },
    removeEventListener: (...args: Parameters<typeof signal.removeEventListener>) => {
      listeners--;
      AbortSignal.prototype.removeEventListener.apply(signal, args);
    },
  });
  const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
  const results = await Promise.all(paths.map(path => http(exchange(server.origin + path, { signal: watched }))));
  expect(results.map(result => result.ok && result.body)).toEqual(paths);
  expect(listeners).toBe(0);
});

const before = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...before, CERTIFICATE]));
afterAll(() => setDefaultCACertificates(before));

const named = createHttpClient({ allowEgress: ['127.0.0.0/8'], lookup: async () => ['127.0.0.1'] });

test.each(['secure.test', 'secure.test.', '127.0.0.1', 'localhost'])('https to %s', async name => {
  const server = await standIn((_request, response) => response.end('sealed'), { tls: true });
  expect(await named(exchange(`https://${name}:${server.port}/`))).toMatchObject({ ok: true, body: 'sealed' });
});

test('https to a name that the certificate does not have', async () => {
  const server = await standIn((_request, response) => response.end('sealed'), { tls: true });
  const answer = await named(exchange(`https://other.test:${server.port}/`));
  expect(answer).toMatchObject({
    ok: false,
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
  });
  expect(server.log.requests).toEqual([]);
});

test('https with a certificate that nobody vouches for', async () => {
  const server = await standIn((_request, response) => response.end('sealed'), { tls: true });
  setDefaultCACertificates(before);
  const answer = await named(exchange(`https://secure.test:${server.port}/`));
  setDefaultCACertificates([...before, CERTIFICATE]);
  expect(answer).toMatchObject({ ok: false, code: 'CONNECTION_FAILED' });
  expect(server.log.requests).toEqual([]);
});

test('a redirect from https to http is not followed', async () => {
  const plain = await standIn((_request, response) => response.end('open'));
  const server = await standIn((_request, response) => response.writeHead(302, { location: plain.origin }).end(), {
    tls: true,
  });
  const answer = await named(exchange(`https://secure.test:${server.port}/`, { followRedirects: true }));
  expect(answer).toMatchObject({
    ok: false,
    code: 'EGRESS_REFUSED',
    message: expect.stringContaining('https to http'),
  });
  expect(plain.log.connections).toBe(0);
});
