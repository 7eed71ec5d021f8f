import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOMBS, bomb, ENDLESS, GUARDED, HOSTILE_STARTS, HOSTILE_TEXTS } from '../fixtures/hostile.ts';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type Answer, type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';

/** MiB that may be alive in the server above what was after the warm-up; two rounds add some 0.2. */
const HEADROOM = 4;

/** Rounds until everything that is loaded or kept once is there. */
const WARM_UP = 2;

/**
 * What is alive is counted after a collection: when garbage goes by itself, and how much of it the process keeps, depends on how
 * busy the machine is. https://nodejs.org/api/process.html#processmemoryusage
 */
const countsWhenAsked = (file: string): string =>
  `import { writeFileSync } from 'node:fs';
   process.on('SIGUSR2', () => {
     gc();
     const { heapUsed, external } = process.memoryUsage();
     writeFileSync('${file}', String((heapUsed + external) / 2 ** 20));
   });`;

const JSON_TYPE = { 'content-type': 'application/json' };

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let counting: typeof data;
let counted: string;
let server: LocalServer;
let client: PipecallClient;

beforeAll(async () => {
  [data, counting] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  counted = join(counting.path, 'mebibytes');
  const counter = join(counting.path, 'counter.mjs');
  await writeFile(counter, countsWhenAsked(counted));
  const env = { NODE_OPTIONS: `--expose-gc --import=${pathToFileURL(counter)}` };
  server = await startLocalServer({ data: data.path, env });
  client = pipecallClient(server.url, ADMIN_TOKEN);
  expect((await client.upload(GUARDED)).status).toBe(201);
  for (const [index, { expression }] of BOMBS.entries()) {
    const uploaded = await client.upload(bomb(`bomb-${index}`, expression));
    expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(201);
  }
});

afterAll(async () => {
  await server.stop('SIGTERM');
  await Promise.all([data.remove(), counting.remove()]);
});

async function expectAlive(): Promise<void> {
  const health = await fetch(`${server.url}/healthz`);
  expect({ status: health.status, body: await health.json() }).toEqual({ status: 200, body: { status: 'ok' } });
}

/** The code of the failure, and those of the diagnostics. */
function codesOf(body: unknown): readonly string[] {
  // as: the shape of every failure, which the tests of the API check
  const { error, details } = body as { error: string; details?: { diagnostics?: readonly { code: string }[] } };
  return [error, ...(details?.diagnostics ?? []).map(({ code }) => code)];
}

const start = (body: string): Promise<Answer> =>
  client.send('POST', `${client.app}/pipelines/guarded/runs`, body, JSON_TYPE);

async function explode(index: number): Promise<string> {
  const list = Array.from({ length: 5_000 }, (_, item) => item);
  const started = await client.start(`bomb-${index}`, { text: 'x'.repeat(50_000), list }, 20);
  expect(started.status).toBe(201);
  const { id } = started.body as RunView; // as: the line above has seen that it started
  const run = await client.untilOver(`bomb-${index}`, id);
  expect(run.status).toBe('failed');
  return run.status_message;
}

describe('hostile text over HTTP', () => {
  it.each(HOSTILE_TEXTS)('definition, $name: $code', async ({ text, status, code }) => {
    const answer = await client.upload(text);
    expect(answer.status).toBe(status);
    expect(codesOf(answer.body)).toContain(code);
    expect(JSON.stringify(answer.body).length).toBeLessThan(256 * 1_024);
    await expectAlive();
  });

  it('10 MB: an answer, or the server hangs up', async () => {
    const answer = await client.upload(ENDLESS).catch((error: unknown) => error);
    if (answer instanceof Error) expect(answer).toBeInstanceOf(TypeError);
    else expect(answer).toMatchObject({ status: 413, body: { error: 'BODY_TOO_LARGE' } });
    await expectAlive();
  });

  it.each(HOSTILE_STARTS)('start, $name: $status', async ({ body, status, code }) => {
    const answer = await start(body);
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status);
    if (code !== undefined) expect(codesOf(answer.body)).toContain(code);
    await expectAlive();
  });

  it.each(BOMBS.map((each, index) => ({ ...each, index })))('run, $name: $says', async ({ index, says }) => {
    expect(await explode(index)).toContain(says);
    await expectAlive();
  });

  it('what looks like an expression in an input is written as it is', async () => {
    const run = await client.finish('guarded', { text: 'aaa', any: '${{ inputs.text }}' });
    expect(run).toMatchObject({ status: 'succeeded', inputs: { any: '${{ inputs.text }}' } });
  });
});

/** MiB; of several counts the least, for what a request has held is alive for a moment longer. */
async function settledMemory(): Promise<number> {
  const counts: number[] = [];
  while (counts.length < 5) {
    counts.push(await aliveMemory());
    await setTimeout(250);
  }
  return Math.min(...counts);
}

/** MiB. */
async function aliveMemory(): Promise<number> {
  await rm(counted, { force: true });
  process.kill(server.pid, 'SIGUSR2');
  await expect.poll(() => readFile(counted, 'utf8').catch(() => '')).toMatch(/\d/);
  return Number(await readFile(counted, 'utf8'));
}

async function round(): Promise<void> {
  for (const { text } of HOSTILE_TEXTS) await client.upload(text);
  await client.upload(ENDLESS).catch(() => 'hung up');
  for (const { body } of HOSTILE_STARTS) await start(body);
  for (const index of BOMBS.keys()) await explode(index);
}

it(`memory stays within ${HEADROOM} MiB of what the warm-up took`, async () => {
  for (let warm = 0; warm < WARM_UP; warm += 1) await round();
  const before = await settledMemory();
  await round();
  await round();
  // What has leaked stays.
  await expect.poll(async () => (await settledMemory()) - before).toBeLessThan(HEADROOM);
  await expectAlive();
});
