import { afterEach, expect, test } from 'vitest';
import type { ActionContext, HttpExchange } from '../../../src/actions/action.ts';
import { createHttpClient } from '../../../src/actions/clients/http-client.ts';
import { ask, askAll, baseUrl, type Provider } from '../../../src/actions/remote/provider.ts';
import type { JsonObject } from '../../../src/json.ts';
import { createContext } from '../context.ts';
import { createStandIn, type StandIn } from '../stand-in.ts';

const http = createHttpClient({ allowEgress: ['127.0.0.1/32'] });
const open: StandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function standIn(...args: Parameters<typeof createStandIn>): Promise<StandIn> {
  const server = await createStandIn(...args);
  open.push(server);
  return server;
}

function provider(base: string): Provider {
  const headers = { authorization: 'Bearer secret' };
  return { name: 'CI', base, headers, limited: () => false, explain: () => '', codeOf: () => 'PROVIDER_ERROR' };
}

function contextOf(signal = new AbortController().signal): ActionContext & { readonly seen: HttpExchange[] } {
  const seen: HttpExchange[] = [];
  const context = createContext({ inputs: {}, signal });
  return {
    ...context,
    seen,
    clients: {
      ...context.clients,
      http: exchange => {
        seen.push(exchange);
        return http(exchange);
      },
    },
  };
}

test('a next page of another server is not asked for: the token stays', async () => {
  const thief = await standIn((_request, response) => response.end('[]'));
  const server = await standIn((_request, response) => {
    response.writeHead(200, { link: `<${thief.origin}/list?page=2>; rel="next"` }).end('[{"id":1}]');
  });
  const reply = await askAll(contextOf(), provider(server.origin), '/list', body => body);
  expect(reply).toEqual({ kind: 'ok', value: [{ id: 1 }] });
  expect([server.log.requests.length, thief.log.connections]).toEqual([1, 0]);
});

test('pages without end are given up on', async () => {
  const server = await standIn((_request, response) => {
    response.writeHead(200, { link: `<${server.origin}/list?page=2>; rel="next", <x>; rel="last"` }).end('[{"id":1}]');
  });
  const reply = await askAll(contextOf(), provider(server.origin), '/list', body => body);
  expect(reply).toMatchObject({ kind: 'ok', value: { length: 5 } });
});

test('a renamed repository is followed; what is sent goes to no other server, nor does the token', async () => {
  const elsewhere = await standIn((_request, response) => response.end('{"id":2}'));
  const server = await standIn((request, response) => {
    if (request.url === '/new') return void response.end('{"id":1}');
    response.writeHead(307, { location: request.url === '/old' ? '/new' : `${elsewhere.origin}/new` }).end();
  });
  const send = (path: string, body?: JsonObject) =>
    ask(contextOf(), provider(server.origin), {
      method: body === undefined ? 'GET' : 'POST',
      path,
      ...(body === undefined ? {} : { body }),
    });
  expect(await send('/old', { a: 1 })).toMatchObject({ kind: 'ok', value: { body: { id: 1 } } });
  expect(await send('/moved', { a: 1 })).toMatchObject({ kind: 'refused' });
  expect(elsewhere.log.requests).toEqual([]);
  expect(await send('/moved')).toMatchObject({ kind: 'ok', value: { body: { id: 2 } } });
  expect(elsewhere.log.requests.map(({ headers, body }) => [headers.authorization, body])).toEqual([[undefined, '']]);
});

test.each([
  [false, { kind: 'refused', code: 'ABORTED' }],
  [true, { kind: 'ok' }],
])('what has to be known goes on when the step is cut off: %j', async (unaborted, reply) => {
  const ending = new AbortController();
  const server = await standIn((_request, response) => {
    ending.abort();
    response.end('{}');
  });
  const asked = { method: 'POST', path: '/x', unaborted } as const;
  expect(await ask(contextOf(ending.signal), provider(server.origin), asked)).toMatchObject(reply);
  expect(server.log.requests).toHaveLength(1);
  // What was not sent before is not sent any more.
  expect(await ask(contextOf(ending.signal), provider(server.origin), asked)).toMatchObject({ code: 'ABORTED' });
  expect(server.log.requests).toHaveLength(1);
});

test.each([
  [undefined, 'https://ci.test'],
  ['https://git.acme.test/api/v3/', 'https://git.acme.test/api/v3'],
  ['https://git.acme.test//', 'https://git.acme.test'],
  ['git.acme.test', undefined],
  ['', undefined],
  ['https://git.acme.test/?x=1', undefined],
  ['https://git.acme.test/#x', undefined],
])('the base %j is %s', (given, base) => {
  expect(baseUrl(given, 'https://ci.test')).toBe(base);
});
