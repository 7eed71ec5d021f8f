import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../../local/gateway.ts';
import { openWorld } from '../kit/api-world.ts';

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

const echo: Handler = async event => ({ statusCode: 200, body: JSON.stringify(event) });

let gateway: Gateway | undefined;
const open = async (handler: Handler): Promise<Gateway> => {
  gateway = await createGateway({ handler, port: 0 });
  return gateway;
};
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

type Sent = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
};

async function send({ port }: Gateway, { body, ...options }: Sent) {
  const outgoing = request({ port, host: '127.0.0.1', ...options });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const { statusCode, headers } = response as { statusCode: number; headers: IncomingHttpHeaders };
  return { status: statusCode, headers, text: await text(response) };
}

const echoed = async (sent: Sent): Promise<APIGatewayProxyEventV2> =>
  JSON.parse((await send(await open(echo), sent)).text);

/** Bytes over a socket as they are; answers everything that comes back until the other side hangs up. */
async function sendRaw({ port }: Gateway, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

describe('a request becomes an event', () => {
  test('with method, path, query and headers', async () => {
    const event = await echoed({
      path: '/orgs/acme?status=a&status=b%20c&app=x',
      headers: { 'X-One': 'a', 'x-two': ['b', 'c'], 'User-Agent': 'test/1' },
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/orgs/acme',
      rawQueryString: 'status=a&status=b%20c&app=x',
      queryStringParameters: { status: 'a,b c', app: 'x' },
      headers: { 'x-one': 'a', 'x-two': 'b,c', 'user-agent': 'test/1' },
      isBase64Encoded: false,
      requestContext: {
        stage: '$default',
        http: { method: 'GET', path: '/orgs/acme', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test/1' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
    });
    expect(event.body).toBeUndefined();
  });

  test('with its path undecoded', async () => {
    expect((await echoed({ path: '/a%2Fb//c/' })).rawPath).toBe('/a%2Fb//c/');
  });

  test('with cookies apart from the headers', async () => {
    const event = await echoed({ headers: { cookie: 'a=1; b=2' } });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers.cookie).toBeUndefined();
  });

  test('with a header that came twice joined, so that nothing is hidden', async () => {
    const event = await echoed({ headers: { authorization: ['Bearer a', 'Bearer b'] } });
    expect(event.headers.authorization).toBe('Bearer a,Bearer b');
  });

  test.each([
    ['application/json', 'é', 'é', false],
    ['application/json; charset=utf-8', '{}', '{}', false],
    ['text/yaml', 'a: b', 'a: b', false],
    [undefined, 'a', 'a', false],
    ['application/x-yaml', 'é', Buffer.from('é').toString('base64'), true],
    ['application/jsonp', 'a', Buffer.from('a').toString('base64'), true],
    ['application/json', Buffer.from([0xff, 0xfe]), '//4=', true],
  ])('with a body of %s', async (type, body, expected, isBase64Encoded) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const event = await echoed({ method: 'POST', headers, body });
    expect(event).toMatchObject({ body: expected, isBase64Encoded });
  });

  test('with a body that comes in pieces', async () => {
    const { port } = await open(echo);
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST' });
    for (const piece of ['one ', 'two ', 'three']) outgoing.write(piece);
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    expect(JSON.parse(await text(response)).body).toBe('one two three');
  });

  test.each(['/%', '/%zz', '/a%2', '/%ff', '/a?x=%', '/a?x=%c3'])('unless it is not well-formed: %s', async path => {
    const { status, headers, text } = await send(await open(echo), { path });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: 'MALFORMED_REQUEST' });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a result becomes a response', () => {
  test('with status, headers, cookies and body', async () => {
    const result = { statusCode: 201, headers: { 'x-a': '1', etag: 'abc' }, cookies: ['a=1', 'b=2'], body: 'é' };
    const answer = await send(await open(async () => result), {});
    expect(answer).toMatchObject({ status: 201, text: 'é' });
    expect(answer.headers).toMatchObject({
      'x-a': '1',
      etag: 'abc',
      'set-cookie': ['a=1', 'b=2'],
      'content-length': '2',
    });
  });

  test('with bytes', async () => {
    const answer = await send(await open(async () => ({ statusCode: 200, body: 'YWJj', isBase64Encoded: true })), {});
    expect(answer.text).toBe('abc');
  });

  test.each([204, 304])('without a body: %i', async statusCode => {
    const { status, text, headers } = await send(await open(async () => ({ statusCode })), {});
    expect({ status, text, length: headers['content-length'] }).toEqual({
      status: statusCode,
      text: '',
      length: undefined,
    });
  });

  test('to HEAD', async () => {
    const answer = await send(await open(async () => ({ statusCode: 200, headers: { etag: 'a' } })), {
      method: 'HEAD',
    });
    expect(answer).toMatchObject({ status: 200, text: '' });
  });

  test('of a function that failed', async () => {
    const answer = await send(await open(() => Promise.reject(new Error('for the log: a test of the gateway'))), {});
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toMatchObject({ error: 'INTERNAL_ERROR' });
    expect(answer.text).not.toContain('for the log');
  });
});

describe('limits', () => {
  const KIB = 1_024;

  test('let 256 KiB through and no more', async () => {
    const open_ = await open(async event => ({ statusCode: 200, body: String(event.body?.length) }));
    const headers = { 'content-type': 'text/plain' };
    const whole = await send(open_, { method: 'POST', headers, body: 'a'.repeat(256 * KIB) });
    expect(whole).toMatchObject({ status: 200, text: String(256 * KIB) });
    const more = await send(open_, { method: 'POST', headers, body: 'a'.repeat(256 * KIB + 1) });
    expect(more).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect(JSON.parse(more.text)).toMatchObject({
      error: 'BODY_TOO_LARGE',
      message: expect.stringContaining('262144'),
    });
    expect(await send(open_, { method: 'POST', headers, body: 'a' })).toMatchObject({ status: 200 });
  });

  test('stop a body that does not say how long it is', async () => {
    const { port } = await open(echo);
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST' });
    for (let index = 0; index < 30; index += 1) outgoing.write('a'.repeat(10 * KIB));
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
  });

  test('cut off a body that does not end', async () => {
    const open_ = await open(echo);
    const head = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000000\r\n\r\n';
    const socket = connect(open_.port, '127.0.0.1');
    socket.write(head);
    let sent = 0;
    let answer = '';
    socket.on('data', chunk => {
      answer += chunk;
    });
    // Reset or closed, whatever comes first: what matters is that it comes.
    socket.on('error', () => undefined);
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
    const piece = Buffer.alloc(64 * KIB);
    while (!socket.destroyed && sent < 100 * KIB * KIB) {
      sent += piece.length;
      if (!socket.write(piece)) await Promise.race([new Promise(resolve => socket.once('drain', resolve)), closed]);
    }
    await closed;
    expect(sent).toBeLessThan(100 * KIB * KIB);
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(await send(open_, {})).toMatchObject({ status: 200 });
  });

  test('refuse headers that are too large', async () => {
    const open_ = await open(echo);
    const answer = await sendRaw(open_, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20 * KIB)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: 'HEADERS_TOO_LARGE' });
    expect(answer).toContain('\r\nx-request-id: ');
  });

  test.each(['hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET  HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'])(
    'refuse what is not HTTP/1.1: %j',
    async bytes => {
      const open_ = await open(echo);
      const answer = await sendRaw(open_, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(await send(open_, {})).toMatchObject({ status: 200 });
    },
  );

  test('go on after a caller who hung up', async () => {
    const open_ = await open(echo);
    const socket = connect(open_.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nabc');
    socket.destroy();
    await once(socket, 'close');
    expect(await send(open_, {})).toMatchObject({ status: 200 });
  });
});

describe('connections', () => {
  test('serve one request after the other', async () => {
    const open_ = await open(async event => ({ statusCode: 200, body: event.rawPath }));
    const answer = await sendRaw(
      open_,
      'GET /one HTTP/1.1\r\nhost: a\r\n\r\n',
      'POST /two HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc',
      'GET /three HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    );
    expect(answer.match(/^\/(one|two|three)/gm)?.join(' ') ?? answer).toBe('/one /two /three');
  });

  test('end with the gateway: who is being served gets an answer, who waits for nothing is let go', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    let arrived: (() => void) | undefined;
    const begun = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const open_ = await open(async event => {
      if (event.rawPath === '/slow') {
        arrived?.();
        await held;
      }
      return { statusCode: 200, body: event.rawPath };
    });
    const agent = new Agent({ keepAlive: true });
    await send(open_, { path: '/idle', agent });
    const slow = send(open_, { path: '/slow', agent: new Agent({ keepAlive: true }) });
    await begun;
    const closed = open_.close();
    gateway = undefined;
    await expect(send(open_, { path: '/late', agent: new Agent() })).rejects.toThrow('ECONNREFUSED');
    release?.();
    expect(await slow).toMatchObject({ status: 200, text: '/slow', headers: { connection: 'close' } });
    await closed;
  });

  test('are cut off when they outlast the grace of a close', async () => {
    let arrived: (() => void) | undefined;
    const begun = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const never = async (): Promise<never> => {
      arrived?.();
      return new Promise<never>(() => undefined);
    };
    const short = await createGateway({ handler: never, port: 0, grace: 1 });
    const cut = expect(send(short, { path: '/never' })).rejects.toThrow('socket hang up');
    await begun;
    await short.close();
    await cut;
  });

  test('are not taken on a port that is taken', async () => {
    const { port } = await open(echo);
    await expect(createGateway({ handler: echo, port })).rejects.toThrow('the port is in use');
  });
});

test('the API behind the gateway', async () => {
  const world = await openWorld();
  const open_ = await open(event => world.handler(event, {} as never));
  const authorization = `Bearer ${world.tokens.admin}`;
  const body = 'id: é\n';
  const path = '/orgs/acme/apps/shop/pipelines';
  const refused = await send(open_, {
    method: 'POST',
    path,
    headers: { authorization, 'content-type': 'application/x-yaml' },
    body,
  });
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text).error).toBe('INVALID_DEFINITION');
  const listed = await send(open_, { path: `${path}?per_page=1`, headers: { authorization } });
  expect(JSON.parse(listed.text)).toMatchObject([{ id: 'deploy' }]);
  expect(listed.headers).toMatchObject({ 'content-type': 'application/json', 'x-request-id': expect.any(String) });
  expect((await send(open_, { path: '/nothing' })).status).toBe(404);
  await world.close();
});
