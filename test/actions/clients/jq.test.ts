import { afterAll, beforeAll, expect, test } from 'vitest';
import { createJq } from '../../../src/actions/clients/jq.ts';
import { filters } from '../../fixtures/actions/jq-filters.ts';

const { signal } = new AbortController();
const plain = { input: '{"a":1}', raw: false, signal };

const jq = createJq({ timeoutMs: 60_000 });
const hasty = createJq({ timeoutMs: 300 });
beforeAll(() => {
  process.env.PIPECALL_TEST_SECRET = 'a secret of this process';
});
afterAll(async () => {
  delete process.env.PIPECALL_TEST_SECRET;
  await Promise.all([jq.close(), hasty.close()]);
});

test.each(filters)('$filter', async ({ filter, input = null, raw = false, stdout, code, says = '' }) => {
  const run = code === 'TIMEOUT' ? hasty : jq;
  const result = await run({ filter, input: JSON.stringify(input), raw, signal });
  if (code === undefined) expect(result).toEqual({ ok: true, stdout });
  else expect(result).toEqual({ ok: false, code, message: expect.stringContaining(says) });
  expect(JSON.stringify(result)).not.toContain('a secret of this process');
});

test('256 KiB in and out', async () => {
  const input = JSON.stringify({ items: Array.from({ length: 20_000 }, (_, index) => `item${index}`) });
  expect(await jq({ filter: '.', input, raw: false, signal })).toEqual({ ok: true, stdout: `${input}\n` });
});

test('a filter of 64 KiB', async () => {
  const filter = `"${'x'.repeat(64 * 1024 - 11)}"|length`;
  expect(await jq({ ...plain, filter })).toEqual({ ok: true, stdout: `${64 * 1024 - 11}\n` });
});

test('jobs do not see each other: fifty at once on two threads', async () => {
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  const results = await Promise.all(
    numbers.map(n => jq({ filter: `[., ${n}] | tojson`, input: String(n), raw: true, signal })),
  );
  expect(results).toEqual(numbers.map(n => ({ ok: true, stdout: `[${n},${n}]\n` })));
});

test('a thread that was ended is replaced', async () => {
  const one = createJq({ maxWorkers: 1, timeoutMs: 400 });
  expect(await one({ ...plain, filter: 'def f: f; f' })).toEqual({
    ok: false,
    code: 'TIMEOUT',
    message: 'The filter took more than 0.4 s.',
  });
  const roomy = createJq({ maxWorkers: 1, timeoutMs: 60_000 });
  const endless = roomy({ ...plain, filter: 'repeat(1)' });
  const behind = roomy({ ...plain, filter: '.a' });
  expect(await endless).toMatchObject({ ok: false, code: 'RESULT_TOO_LARGE' });
  expect(await behind).toEqual({ ok: true, stdout: '1\n' });
  await Promise.all([one.close(), roomy.close()]);
});

test('starting a thread is no time of the filter', async () => {
  const worker = `data:text/javascript,import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => setTimeout(() => {
      parentPort.postMessage('begins');
      parentPort.postMessage({ ok: true, stdout: 'done' });
    }, 600));`;
  const one = createJq({ worker: new URL(worker), timeoutMs: 300 });
  expect(await one({ ...plain, filter: '.' })).toEqual({ ok: true, stdout: 'done' });
  await one.close();
});

test('abort: before the start, in the queue, in the middle', async () => {
  const one = createJq({ maxWorkers: 1 });
  const aborted = { ok: false, code: 'ABORTED', message: 'The filter was ended early.' };
  expect(await one({ ...plain, filter: '.', signal: AbortSignal.abort() })).toEqual(aborted);

  const [first, second] = [new AbortController(), new AbortController()];
  const running = one({ ...plain, filter: 'def f: f; f', signal: first.signal });
  const queued = one({ ...plain, filter: '.', signal: second.signal });
  const last = one({ ...plain, filter: '.a' });
  second.abort();
  expect(await queued).toEqual(aborted);
  first.abort();
  expect(await running).toEqual(aborted);
  expect(await last).toEqual({ ok: true, stdout: '1\n' });
  await one.close();
});

test('a worker file that is not there, or that breaks, is a crash with its reason', async () => {
  const missing = createJq({ worker: new URL('./no-such-worker.ts', import.meta.url) });
  const [one, two] = await Promise.all([missing({ ...plain, filter: '.' }), missing({ ...plain, filter: '.' })]);
  expect(one).toEqual({ ok: false, code: 'WORKER_CRASHED', message: expect.stringContaining('no-such-worker.ts') });
  expect(two).toEqual(one);

  const broken = createJq({ worker: new URL('data:text/javascript,throw new Error("broken")') });
  expect(await broken({ ...plain, filter: '.' })).toEqual({
    ok: false,
    code: 'WORKER_CRASHED',
    message: expect.stringContaining('broken'),
  });

  const leaving = createJq({ worker: new URL('data:text/javascript,process.exit(7)') });
  expect(await leaving({ ...plain, filter: '.' })).toEqual({
    ok: false,
    code: 'WORKER_CRASHED',
    message: expect.stringContaining('exit code 7'),
  });
});

test('close ends what is under way and what waits', async () => {
  const one = createJq({ maxWorkers: 1 });
  const jobs = [one({ ...plain, filter: 'def f: f; f' }), one({ ...plain, filter: '.' })];
  await one.close();
  for (const result of await Promise.all(jobs)) expect(result).toMatchObject({ ok: false, code: 'WORKER_CRASHED' });
});

test('a thread without work is ended, and started again for more', async () => {
  const one = createJq({ maxWorkers: 1, idleMs: 0 });
  expect(await one({ ...plain, filter: '.a' })).toEqual({ ok: true, stdout: '1\n' });
  await new Promise(resolve => setImmediate(resolve));
  expect(await one({ ...plain, filter: '.a' })).toEqual({ ok: true, stdout: '1\n' });
  await one.close();
});
