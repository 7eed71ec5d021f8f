import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putEvents } from '../../cli/event.ts';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';

const ON_ORDER = `id: on-order
name: On order
on:
  event:
    source: [com.example.shop]
    detail-type: [OrderPlaced]
    detail: { amount: [{ numeric: [">", 10] }] }
    inputs: { order: "\${{ event.detail.id }}" }
  pipeline_call:
    inputs: { order: { type: string, required: true } }
permissions: { application: developer }
jobs:
  say:
    outputs: { said: "\${{ steps.say.outputs.result }}" }
    steps:
      - id: say
        uses: actions/humanitec/jq@v1
        with: { filter: '"order " + .', input: "\${{ inputs.order }}" }
outputs: { said: "\${{ jobs.say.outputs.said }}" }
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: LocalServer;
let client: PipecallClient;

const start = async (args: readonly string[] = []): Promise<void> => {
  server = await startLocalServer({ data: folder.path, args });
  client = pipecallClient(server.url, ADMIN_TOKEN);
};

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await server.stop('SIGKILL');
  await folder.remove();
});

/** Orders with these ids, ten to a request; answers the ids of the events that were accepted. */
async function put(orders: readonly unknown[], token = ADMIN_TOKEN): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = 0; at < orders.length; at += 10) {
    const Entries = orders.slice(at, at + 10).map(id => ({
      Source: 'com.example.shop',
      DetailType: 'OrderPlaced',
      Detail: JSON.stringify({ id, amount: 42 }),
    }));
    const response = await fetch(`${server.url}/aws/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSEvents.PutEvents',
      },
      body: JSON.stringify({ Entries }),
    });
    const answer = (await response.json()) as { readonly Entries?: readonly { readonly EventId?: string }[] }; // as: PutEvents
    if (response.status !== 200) throw new Error(`${response.status}`);
    ids.push(...(answer.Entries ?? []).flatMap(({ EventId }) => (EventId === undefined ? [] : [EventId])));
  }
  return ids;
}

async function tokenOfOwner(): Promise<string> {
  const tokens = JSON.parse(await readFile(join(folder.path, 'tokens.json'), 'utf8')) as { readonly owner: string }; // as: seeded so
  return tokens.owner;
}

async function all<T>(list: string): Promise<readonly T[]> {
  const found: T[] = [];
  for (let next: string | undefined = `${list}?per_page=100`; next !== undefined; ) {
    const { status, body, headers } = await client.send('GET', next);
    if (status !== 200) throw new Error(`${next}: ${status}`);
    found.push(...(body as readonly T[])); // as: what the API answers is judged against its schema elsewhere
    const more = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    next = more === undefined ? undefined : new URL(more, server.url).href;
  }
  return found;
}

const runs = () => all<RunView>(`${client.app}/pipelines/on-order/runs`);

/** Looks again until it holds: the bus delivers when it has time. */
async function until<T>(look: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
  }
}

const isOver = ({ status }: RunView): boolean => status === 'succeeded';

describe.each([
  ['embedded', []],
  ['--sdk', ['--sdk']],
] as const)('%s', (_, args) => {
  test('a put event starts the pipeline that it meets, inputs mapped', async () => {
    await start(args);
    expect(await client.upload(ON_ORDER)).toMatchObject({ status: 201 });
    await put(['o-1']);
    const [run] = await until(runs, found => found.some(isOver));
    expect(run).toMatchObject({ trigger: 'event', inputs: { order: 'o-1' }, outputs: { said: 'order o-1' } });
  });
});

test('npm run event puts what a file has', async () => {
  await start();
  await client.upload(ON_ORDER);
  const file = join(folder.path, 'event.json');
  const detail = { id: 'o-7', amount: 11 };
  await writeFile(file, JSON.stringify({ source: 'com.example.shop', 'detail-type': 'OrderPlaced', detail }));
  const printed: string[] = [];
  const environment = { PIPECALL_URL: server.url, PIPECALL_TOKEN: ADMIN_TOKEN };
  expect(await putEvents([file], { environment, print: line => printed.push(line) })).toBe(0);
  expect(printed).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect(await until(runs, found => found.some(isOver))).toMatchObject([{ inputs: { order: 'o-7' } }]);
  expect(
    await putEvents([file], {
      environment: { ...environment, PIPECALL_TOKEN: 'x' },
      print: line => printed.push(line),
    }),
  ).toBe(2);
  expect(printed.at(-1)).toContain(`PIPECALL_TOKEN must hold a token of ${server.url}`);
});

test('only the local administrator puts events', async () => {
  await start();
  await expect(put(['o-1'], 'nobody')).rejects.toThrow('401');
  const without = await fetch(`${server.url}/aws/events`, { method: 'POST', body: '{}' });
  expect(without.status).toBe(401);
  const endless = await fetch(`${server.url}/aws/events`, { method: 'POST', body: 'x'.repeat(3 * 1_048_576) });
  expect(endless.status).toBe(413);
  // More than a request to the API may have, and still an event.
  expect(await put(['x'.repeat(900_000)])).toHaveLength(1);
  await expect(put(['o-1'], await tokenOfOwner())).rejects.toThrow('403');
});

test('1,000 events in a burst, bad ones among them, and the process killed in between: none is lost, none comes twice', async () => {
  await start();
  await client.upload(ON_ORDER);
  // Poison: a number is no order. Each of these is refused and recorded, and holds nothing up.
  const orders = Array.from({ length: 1_000 }, (_, index) => (index % 100 === 7 ? index : `o-${index}`));
  const accepted = [...(await put(orders.slice(0, 500)))];
  await server.stop('SIGKILL');
  await start();
  accepted.push(...(await put(orders.slice(500))));
  await server.stop('SIGKILL');
  await start();
  expect(new Set(accepted)).toHaveLength(1_000);
  const found = await until(runs, list => list.length >= 990 && list.every(isOver));
  const refused = await until(
    () => all<{ readonly error: string; readonly event: { readonly id: string } }>(`${client.app}/refused-starts`),
    list => list.length >= 10,
  );
  const started = found.map(({ inputs }) => (inputs as { readonly order: string }).order); // as: the pipeline declares it
  expect(started.toSorted()).toEqual(orders.filter(order => typeof order === 'string').toSorted());
  expect(refused).toHaveLength(10);
  expect(new Set(refused.map(({ error }) => error))).toEqual(new Set(['INVALID_INPUTS']));
}, 300_000);

test('lost rights: refused and recorded, and started when somebody tries again', async () => {
  await start();
  const owner = pipecallClient(server.url, await tokenOfOwner());
  expect(await owner.upload(ON_ORDER)).toMatchObject({ status: 201 });
  const user = '00000000-0000-4000-8000-000000000002';
  await client.send('DELETE', `${client.app}/users/${user}`);
  await put(['o-1']);
  const list = () => all<{ readonly id: string; readonly error: string }>(`${client.app}/refused-starts`);
  const [refused] = await until(list, found => found.length > 0);
  expect(refused).toMatchObject({ error: 'FORBIDDEN', status: 'refused' });
  const json = { 'content-type': 'application/json' };
  await client.send('POST', `${client.app}/users`, JSON.stringify({ id: user, role: 'owner' }), json);
  expect(await client.send('POST', `${client.app}/refused-starts/${refused?.id}/retry`)).toMatchObject({
    status: 200,
    body: { status: 'started' },
  });
  expect(await until(runs, found => found.some(isOver))).toHaveLength(1);
});

test('a pipeline that the end of its own runs starts is stopped at depth 5', async () => {
  await start();
  const loop = ON_ORDER.replaceAll('on-order', 'loop')
    .replace('[com.example.shop]', '[pipecall]')
    .replace(/ {4}detail-type: .*\n {4}detail: .*\n/, '    detail: { pipeline_id: [loop], status: [succeeded] }\n')
    .replace('event.detail.id', 'event.detail.run_id');
  expect(await client.upload(loop)).toMatchObject({ status: 201 });
  await client.start('loop', { order: 'the first' });
  const refused = await until(
    () => all(`${client.app}/refused-starts`),
    list => list.length > 0,
  );
  expect(refused).toMatchObject([{ error: 'EVENT_TOO_DEEP' }]);
  expect(await all<RunView>(`${client.app}/pipelines/loop/runs`)).toHaveLength(6);
});
