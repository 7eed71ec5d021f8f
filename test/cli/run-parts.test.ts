import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allOf, createClient, NotReached } from '../../cli/run/client.ts';
import { inert, inertJson } from '../../cli/run/inert.ts';
import { readInput, readInputs } from '../../cli/run/inputs.ts';
import { readRunPlace } from '../../cli/run/place.ts';
import { runCommand } from '../../cli/run/run-command.ts';
import { OPTIONS, TERMINAL, TEXTS } from '../fixtures/cli/inputs.ts';

test.each(OPTIONS)('--input $option', ({ option, input }) => {
  const read = readInput(option);
  if (input === undefined) expect(read).toHaveProperty('wrong');
  else expect(read).toEqual(input);
});

test.each(TEXTS)('$text for $schema', ({ schema, text, ...expected }) => {
  const read = readInputs([{ name: 'it', text, isSecret: false }], { properties: { it: schema } });
  if ('value' in expected) expect(read).toEqual({ inputs: { it: expected.value } });
  else expect(read).toEqual({ problems: [expect.stringMatching(/^it: must be /)] });
});

test('all that is wrong is said at once, and no value is quoted', () => {
  const schema = {
    properties: { a: { type: 'number' }, b: { type: 'boolean' }, s: { type: 'string', writeOnly: true } },
  };
  const given = ['a', 'b', 's'].map(name => ({ name, text: 'hunter2', isSecret: false }));
  const read = readInputs(given, schema);
  expect('problems' in read ? read.problems : []).toHaveLength(3);
  expect(JSON.stringify(read)).not.toContain('hunter2');
  expect(readInputs([{ name: 's', text: 'x', isSecret: true }], schema)).toEqual({ inputs: { s: 'x' } });
});

describe('a terminal', () => {
  test.each(TERMINAL)('is given $shown', ({ text, shown }) => {
    expect(inert(text)).toBe(shown);
  });

  test('gets no control character and nothing that turns the order of signs, and JSON means what it meant', () => {
    const signs = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '0',
      'm',
      '\u0007',
      '\u009b',
      '\r',
      '\n',
      '\u202e',
      '\\',
      '"',
      'a',
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(signs, fc.string({ unit: 'binary', maxLength: 1 })) }), text => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
        const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
        expect(inert(text)).not.toMatch(unseen);
        const json = inertJson(JSON.stringify({ text }));
        expect(json).not.toMatch(unseen);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});

test('the place of a run is read', () => {
  expect(readRunPlace('a/b/c/d')).toEqual({ org: 'a', app: 'b', pipeline: 'c', run: 'd' });
  for (const wrong of ['a/b/c', 'a/b/c/', 'd', 'a/b/c/d/e', 'a//c/d']) expect(readRunPlace(wrong)).toBeUndefined();
});

/** A server that gives these answers, one after the other. */
function scripted(...answers: readonly (Response | Error)[]) {
  const asked: {
    readonly url: string;
    readonly method: string;
    readonly headers: Headers;
    readonly redirect: string;
  }[] = [];
  const pauses: number[] = [];
  const outside = {
    fetch: (async (input, init) => {
      const request = new Request(input, init);
      asked.push({ url: request.url, method: request.method, headers: request.headers, redirect: request.redirect });
      const answer = answers[asked.length - 1] ?? new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer;
    }) satisfies typeof fetch,
    sleep: async (ms: number) => void pauses.push(ms),
    random: () => 0,
  };
  return { outside, asked, pauses };
}

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const server = { url: 'http://server', token: 'tok' };

describe('a request', () => {
  test('is sent again after lost answers, 429 and 5xx, with growing pauses', async () => {
    const lost = new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
    const busy = json(429, {}, { 'retry-after': '7' });
    const { outside, asked, pauses } = scripted(
      lost,
      json(503, {}),
      busy,
      new Response('<html>', { status: 502 }),
      json(200, 'ok'),
    );
    const answer = await createClient(outside, { ...server, attempts: 5 })('/x');
    expect(answer.body).toBe('ok');
    expect(pauses).toEqual([500, 1_000, 7_000, 4_000]);
    expect(asked).toHaveLength(5);
  });

  test('that is refused is not', async () => {
    const { outside, asked } = scripted(json(400, { message: 'no' }));
    expect(await createClient(outside, { ...server, attempts: 5 })('/x')).toMatchObject({ status: 400 });
    expect(asked).toHaveLength(1);
  });

  test('is given up in the end, with the reason', async () => {
    const { outside } = scripted(json(503, {}), json(503, { message: 'too busy' }));
    const answer = createClient(outside, { ...server, attempts: 2 })('/x');
    await expect(answer).rejects.toThrow(
      new NotReached('the server at http://server answers 503: too busy; try again later'),
    );
  });

  test('follows nobody to another server', async () => {
    const { outside, asked } = scripted(new Response('', { status: 302, headers: { location: 'http://evil/x' } }));
    await expect(createClient(outside, { ...server, attempts: 2 })('/x')).rejects.toThrow('http://evil/x');
    expect(asked).toMatchObject([{ redirect: 'manual' }]);
  });

  test('for the next page goes to the same server, whatever its link says', async () => {
    const link = '<https://evil/orgs?per_page=1&page=abc>; rel="next"';
    const { outside, asked } = scripted(json(200, [1], { link }), json(200, [2]));
    expect(await allOf(createClient(outside, { ...server, attempts: 1 }), '/list', { a: 'b' })).toEqual([1, 2]);
    expect(asked.map(({ url }) => url)).toEqual([
      'http://server/list?per_page=100&a=b',
      'http://server/list?per_page=1&page=abc',
    ]);
  });
});

test('a start whose answer was lost is repeated under the same key, and its run is followed through troubled times', async () => {
  const run = { id: 'r1', status: 'executing', waiting_for: {} };
  const done = { ...run, status: 'failed', status_message: 'a failed', completed_at: 'now' };
  const job = { id: 'a', status: 'failed', etag: 'e', status_message: '\u001b[2Jbad' };
  const { outside, asked } = scripted(
    new TypeError('fetch failed'),
    json(201, run, { 'idempotency-replayed': 'true' }),
    json(500, {}),
    json(200, run, { etag: '"1"' }),
    json(200, []),
    json(200, done),
    json(200, [job]),
    json(200, { ...job, steps: [{ index: 0, name: 'S', status: 'failed', status_message: 'FAILED' }] }),
    json(200, [{ level: 'error', message: 'one\nrun succeeded' }]),
  );
  const printed: string[] = [];
  const exit = await runCommand(['o/a/p', '--url', 'http://server'], {
    ...outside,
    stdin: Readable.from([]),
    environment: { PIPECALL_TOKEN: 'tok' },
    print: line => printed.push(line),
    tell: line => printed.push(line),
    newKey: () => 'key-1',
    interrupt: new AbortController().signal,
  });
  expect(exit).toBe(1);
  expect(printed).toEqual([
    'run o/a/p/r1 started (this key had started it before)',
    'a | error: one',
    'a | error: run succeeded',
    'job a, step S: failed (FAILED)',
    'job a: failed (bad)',
    'run failed: a failed',
  ]);
  expect(asked.filter(({ method }) => method === 'POST').map(({ headers }) => headers.get('idempotency-key'))).toEqual([
    'key-1',
    'key-1',
  ]);
  expect(asked[5]?.headers.get('if-none-match')).toBe('"1"');
  expect(asked[5]?.headers.get('prefer')).toBe('wait=2');
});
