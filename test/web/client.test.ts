import { describe, expect, test } from 'vitest';
import { createClient } from '../../web/src/api/client.ts';

type Sent = { readonly url: string; readonly init: RequestInit };

/** A client whose requests are answered by `answer`; `token` can be changed meanwhile. */
function open(answer: (sent: Sent) => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const refusals: string[] = [];
  // `next`: what somebody signs in with when the token is refused.
  const state: { token: string | undefined; next?: string } = { token: 'pcl_one' };
  const client = createClient({
    token: () => state.token,
    refused: async reason => {
      refusals.push(reason);
      state.token = state.next ?? state.token;
      return state.next !== undefined;
    },
    fetch: async (url, init = {}) => {
      const request = { url: String(url), init };
      sent.push(request);
      return answer(request);
    },
  });
  return { client, sent, refusals, state };
}

const json = (body: unknown, init: ResponseInit = {}): Response => Response.json(body, init);
const headersOf = (sent: Sent | undefined) => new Headers(sent?.init.headers);

describe('a call becomes a request', () => {
  test('with ids escaped in the path, lists repeated and maps in brackets', async () => {
    const { client, sent } = open(() => json([]));
    await client.call('listApprovals', {
      params: { org: 'a/b', app: 'c?d#e' },
      query: { status: ['waiting', 'denied'] },
    });
    await client.call('listPipelines', {
      params: { org: 'o', app: 'a' },
      query: { metadata: { team: 'a&b' }, trigger: '' },
    });
    expect(sent.map(({ url }) => url)).toEqual([
      '/orgs/a%2Fb/apps/c%3Fd%23e/approvals?status=waiting&status=denied',
      '/orgs/o/apps/a/pipelines?metadata%5Bteam%5D=a%26b',
    ]);
  });

  test.each(['', '.', '..'])('but not with the id "%s", which would be another path', async app => {
    const { client, sent } = open(() => json({}));
    expect(await client.call('getApp', { params: { org: 'o', app } })).toMatchObject({
      ok: false,
      error: { status: 404 },
    });
    expect(sent).toEqual([]);
  });

  test('with the token in a header, no cookies, no cache, and no redirect followed', async () => {
    const { client, sent, state } = open(() => json({}));
    await client.call('getCurrentUser', {});
    state.token = undefined;
    await client.call('getHealth', {});
    expect(sent.map(one => headersOf(one).get('authorization'))).toEqual(['Bearer pcl_one', null]);
    expect(sent[0]?.init).toMatchObject({ method: 'GET', credentials: 'omit', cache: 'no-store', redirect: 'error' });
    expect(sent[0]?.url).toBe('/current-user');
  });

  test('with a definition as YAML, everything else as JSON', async () => {
    const { client, sent } = open(() => new Response(null, { status: 204 }));
    const params = { org: 'o', app: 'a', pipeline: 'p' };
    await client.call('updatePipeline', {
      params,
      body: 'name: X\n',
      headers: { 'if-match': 'e' },
      query: { dry_run: true },
    });
    await client.call('createRun', { params, body: { inputs: { a: 1 } } });
    expect(sent.map(one => [headersOf(one).get('content-type'), one.init.body])).toEqual([
      ['application/x-yaml', 'name: X\n'],
      ['application/json', '{"inputs":{"a":1}}'],
    ]);
    expect(headersOf(sent[0]).get('if-match')).toBe('e');
    expect(sent[0]?.url).toBe('/orgs/o/apps/a/pipelines/p?dry_run=true');
  });
});

describe('an answer becomes a value', () => {
  test('with its ETag and the token of the next page', async () => {
    const link = '</orgs/o/apps?per_page=1&page=a%2Bb>; rel="next"';
    const { client } = open(() => json([{ id: 'x' }], { headers: { etag: '"e1"', link } }));
    expect(await client.call('listApps', { params: { org: 'o' } })).toEqual({
      ok: true,
      status: 200,
      value: [{ id: 'x' }],
      etag: '"e1"',
      next: 'a+b',
    });
  });

  test('that is absent when nothing changed', async () => {
    const { client } = open(() => new Response(null, { status: 304, headers: { etag: '"e1"' } }));
    const params = { org: 'o', app: 'a', pipeline: 'p', run: 'r' };
    expect(await client.call('getRun', { params })).toEqual({ ok: true, status: 304, value: undefined, etag: '"e1"' });
  });

  test('that is text when the server says so', async () => {
    const { client } = open(() => new Response('id: x\n', { headers: { 'content-type': 'application/x-yaml' } }));
    const params = { org: 'o', app: 'a', pipeline: 'p' };
    expect(await client.call('getPipelineSchema', { params })).toMatchObject({ ok: true, value: 'id: x\n' });
  });
});

describe('a failure becomes an error', () => {
  test.each([
    {
      title: 'of the server',
      answer: () =>
        json(
          { error: 'FORBIDDEN', message: 'Not allowed.', details: { a: 1 } },
          { status: 403, headers: { 'x-request-id': 'r1' } },
        ),
      error: { status: 403, code: 'FORBIDDEN', message: 'Not allowed.', details: { a: 1 }, requestId: 'r1' },
    },
    {
      title: 'of something in between',
      answer: () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
      error: { status: 502, code: 'UNREADABLE_ANSWER', message: expect.stringContaining('502') },
    },
    {
      title: 'of an answer that is cut off',
      answer: () => new Response('{"id": ', { headers: { 'content-type': 'application/json' } }),
      error: { status: 200, code: 'UNREADABLE_ANSWER', message: expect.stringContaining('could not be read') },
    },
    {
      title: 'of a server that is not there',
      answer: () => {
        throw new TypeError('Failed to fetch');
      },
      error: { status: 0, code: 'NO_ANSWER', message: expect.stringContaining('did not answer') },
    },
    {
      title: 'of an error without its fields',
      answer: () => json({ message: 'Too Many Requests' }, { status: 429 }),
      error: { status: 429, code: 'UNREADABLE_ANSWER', message: expect.stringContaining('429') },
    },
  ])('$title', async ({ answer, error }) => {
    const { client, refusals } = open(answer);
    expect(await client.call('getCurrentUser', {})).toEqual({ ok: false, error });
    expect(refusals).toEqual([]);
  });

  test('and an aborted call rejects, for nobody waits for it', async () => {
    const aborting = new AbortController();
    const { client } = open(({ init }) => {
      aborting.abort();
      init.signal?.throwIfAborted();
      return json({});
    });
    await expect(client.call('getCurrentUser', { signal: aborting.signal })).rejects.toThrow(/abort/i);
  });

  test.each([200, 500])('also when the answer %d is cut off by that', async status => {
    const aborting = new AbortController();
    const { client } = open(() => {
      const cutOff = new ReadableStream({
        pull(controller) {
          aborting.abort();
          controller.error(aborting.signal.reason);
        },
      });
      return new Response(cutOff, { status, headers: { 'content-type': 'application/json' } });
    });
    await expect(client.call('getCurrentUser', { signal: aborting.signal })).rejects.toThrow(/abort/i);
  });
});

describe('a refused token', () => {
  const refuse = () => json({ error: 'UNAUTHENTICATED', message: 'The token has expired.' }, { status: 401 });

  test('ends the session, with the reason of the server', async () => {
    const { client, refusals } = open(refuse);
    await client.call('getCurrentUser', {});
    expect(refusals).toEqual(['The token has expired.']);
  });

  const unlessTwo = (sent: Sent) =>
    headersOf(sent).get('authorization') === 'Bearer pcl_two' ? json({ id: 'me' }) : refuse();

  test.each([
    ['what was to be read', 'getCurrentUser', {}],
    ['a dry run', 'createPipeline', { params: { org: 'o', app: 'a' }, query: { dry_run: true }, body: 'x' }],
  ] as const)('is followed by another one: %s is asked for again', async (_, name, options) => {
    const { client, sent, state } = open(unlessTwo);
    state.next = 'pcl_two';
    // as: the options belong to the name beside them
    expect(await client.call(name, options as never)).toMatchObject({ ok: true });
    expect(sent).toHaveLength(2);
  });

  test('is followed by another one: a change is not made by itself', async () => {
    const { client, sent, state } = open(unlessTwo);
    state.next = 'pcl_two';
    const answer = await client.call('createPipeline', { params: { org: 'o', app: 'a' }, body: 'x' });
    expect(answer).toMatchObject({ ok: false, error: { status: 401 } });
    expect(sent).toHaveLength(1);
  });

  test('that was replaced meanwhile ends nothing', async () => {
    const { client, refusals, state } = open(() => {
      state.token = 'pcl_two';
      return refuse();
    });
    await client.call('getCurrentUser', {});
    expect(refusals).toEqual([]);
  });
});
