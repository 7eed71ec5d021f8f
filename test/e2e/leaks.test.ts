import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startDynamoDb } from '../../local/sdk/dynamodb.ts';
import { serve } from '../../local/serve.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import { CANARIES, LEAKS } from '../fixtures/leaks.ts';
import { ADMIN_TOKEN, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { findTraces } from '../kit/secret-traces.ts';

const SECRETS = Object.values(CANARIES);
const JSON_TYPE = { 'content-type': 'application/json' };

test('a leak would be found', () => {
  for (const secret of SECRETS) {
    const hidden = Buffer.from(`ab${secret}c`).toString('base64');
    for (const leak of [secret, JSON.stringify(secret), encodeURIComponent(secret), hidden]) {
      expect(findTraces(SECRETS, `x${leak}y`)).not.toEqual([]);
    }
  }
  expect(findTraces(SECRETS, 'nothing of it')).toEqual([]);
});

describe.each([
  { mode: 'embedded', sdk: false },
  { mode: 'sdk', sdk: true },
])('$mode', ({ sdk }) => {
  test('secrets reach what they are for and stay nowhere', async () => {
    const printed: string[] = [];
    const print = (chunk: string | Uint8Array): boolean => printed.push(String(chunk)) > 0;
    const spies = [process.stdout, process.stderr].map(stream => vi.spyOn(stream, 'write').mockImplementation(print));
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    const data = await temporaryFolder();
    onTestFinished(() => data.remove());
    const echo = await startEcho();
    onTestFinished(() => echo.close());
    const server = await serve(
      {
        port: 0,
        data: data.path,
        sdk,
        allowEgress: ['127.0.0.0/8', '::1/128'],
        adminToken: ADMIN_TOKEN,
        retentionDays: 90,
      },
      { history: true },
    );
    let closed = false;
    const close = async (): Promise<void> => {
      if (!closed) await server.close();
      closed = true;
    };
    onTestFinished(close);

    const client = pipecallClient(server.url, ADMIN_TOKEN);
    const answers = await tellSecrets(client);
    const started = await client.start('leaks', { secret: CANARIES.input, where: echo.url });
    expect(started.status, JSON.stringify(started.body)).toBe(201);
    answers.push(JSON.stringify(started.body));
    const run = started.body as RunView; // as: the line above has seen that it started
    await untilAsked(client, run.id);
    answers.push(...(await everyAnswer(client, run.id)));
    const again = await client.send('POST', `${client.app}/pipelines/leaks/runs/${run.id}/cancel`);
    expect(again.status).toBe(204);
    expect((await client.untilOver('leaks', run.id)).status).toBe('cancelled');
    answers.push(...(await everyAnswer(client, run.id)));
    const refused = await client.start('leaks', { secret: 'x', where: echo.url, pin: CANARIES.input });
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('`pin` must be') } });
    answers.push(JSON.stringify(refused.body));

    // They arrived: a test that masks them before that proves nothing.
    expect(echo.seen.join('\n')).toContain(JSON.stringify(CANARIES.token).slice(1, -1));
    expect(echo.seen.join('\n')).toContain(JSON.stringify(CANARIES.key).slice(1, -1));
    expect(echo.seen.join('\n')).toContain(encodeURIComponent('canary-Input:').replace('%3A', ':'));
    const shown = answers.join('\n');
    expect(shown).toContain('Say ***');
    expect(shown).toContain('Is *** or *** right? ***');
    expect(findTraces(SECRETS, shown)).toEqual([]);

    const history = JSON.stringify(server.home.history(run.id));
    expect(history).toContain(run.id);
    expect(findTraces(SECRETS, history)).toEqual([]);

    await close();
    const kept = sdk ? await everyItem(join(data.path, 'dynamodb')) : everyByte(data.path);
    expect(kept).toContain('sealed_inputs');
    expect(kept.match(/local1\.[\w-]+\.[\w-]{20,}/g)?.length).toBeGreaterThanOrEqual(3);
    expect(findTraces(SECRETS, kept)).toEqual([]);
    expect(findTraces(SECRETS, printed.join(''))).toEqual([]);
  }, 300_000);
});

/** Two secret values, an environment to ask about, and the pipeline. Answers what the API said. */
async function tellSecrets(client: PipecallClient): Promise<string[]> {
  const org = client.app.replace('/apps/hello', '');
  const calls: readonly (readonly [string, object])[] = [
    [`${client.app}/values`, { key: 'TOKEN', value: CANARIES.token, is_secret: true }],
    [`${client.app}/values`, { key: 'KEY', value: 'not yet', is_secret: true }],
    [`${org}/env-types`, { id: 'leaks' }],
    [`${client.app}/envs`, { id: 'leaky', name: 'Leaky', type: 'leaks' }],
  ];
  const answers: string[] = [];
  const keep = ({ status, body }: { readonly status: number; readonly body: unknown }, expected: number): void => {
    expect(status, JSON.stringify(body)).toBe(expected);
    answers.push(JSON.stringify(body));
  };
  for (const [path, body] of calls) keep(await client.send('POST', path, JSON.stringify(body), JSON_TYPE), 201);
  keep(await client.send('PATCH', `${client.app}/values/KEY`, JSON.stringify({ value: CANARIES.key }), JSON_TYPE), 200);
  keep(await client.upload(LEAKS), 201);
  return answers;
}

async function untilAsked(client: PipecallClient, run: string): Promise<void> {
  for (;;) {
    const { status, status_message, waiting_for } = await client.run('leaks', run);
    if (waiting_for.ask?.startsWith('approval(') === true) return;
    expect(['queued', 'executing'], status_message).toContain(status);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** What every GET of the API answers about this run, its app and its org. */
async function everyAnswer(client: PipecallClient, run: string): Promise<readonly string[]> {
  const approvals = await client.send('GET', `${client.app}/approvals`);
  const [approval] = approvals.body as readonly { readonly id: string }[]; // as: what the API lists
  const choices: Readonly<Record<string, readonly string[]>> = {
    org: ['demo'],
    app: ['hello'],
    pipeline: ['leaks'],
    run: [run],
    job: ['use', 'bad-time', 'ask'],
    step: Array.from({ length: 16 }, (_, index) => String(index)),
    key: ['TOKEN', 'KEY'],
    env: ['leaky'],
    envType: ['leaks'],
    approval: [approval?.id ?? ''],
    user: ['00000000-0000-4000-8000-000000000001'],
  };
  const answers: string[] = [];
  for (const { method, path } of Object.values<Route>(routes)) {
    if (method !== 'GET') continue;
    for (const filled of fill(path, choices)) {
      const response = await fetch(client.app.replace('/orgs/demo/apps/hello', filled), {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
      expect(response.status, filled).toBeLessThan(500);
      answers.push(`${[...response.headers].join(' ')} ${await response.text()}`);
    }
  }
  return answers;
}

/** Every way to fill in the placeholders of a path; those that nothing is known for stay. */
function fill(path: string, choices: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const [placeholder, name = ''] = /\{(\w+)\}/.exec(path) ?? [];
  if (placeholder === undefined) return [path];
  return (choices[name] ?? ['none']).flatMap(choice => fill(path.replace(placeholder, choice), choices));
}

const everyByte = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

/** LevelDB compresses: the items are read through the server that wrote them. */
async function everyItem(folder: string): Promise<string> {
  const database = await startDynamoDb({ tableName: 'pipecall', folder });
  try {
    const items: unknown[] = [];
    let from: Record<string, never> | undefined;
    do {
      const page = await database.client.send(
        new ScanCommand({ TableName: 'pipecall', ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey as typeof from; // as: handed back as it is
    } while (from !== undefined);
    // Attributes hold JSON as text: as they are, not escaped once more.
    return items.map(flatten).join('\n');
  } finally {
    await database.close();
  }
}

const flatten = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.entries(value).flat().map(flatten).join(' ') : String(value);

type Echo = { readonly url: string; readonly seen: readonly string[]; close(): Promise<void> };

/** Answers everything that it was sent; below `/fail` as a failure. */
async function startEcho(): Promise<Echo> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    void readText(request).then(body => {
      const { method, url, headers } = request;
      seen.push(`${method} ${url} ${JSON.stringify(headers)} ${body}`);
      const failing = url?.startsWith('/fail') === true;
      response.writeHead(failing ? 500 : 200, { 'content-type': failing ? 'text/plain' : 'application/json' });
      response.end(failing ? body : JSON.stringify({ url, headers, body }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
