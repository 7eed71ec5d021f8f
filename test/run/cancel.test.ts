import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { cancelRun } from '../../src/run/cancel-run.ts';
import { parkRun } from '../../src/run/park-run.ts';
import { approvalsOfRun } from '../../src/store/approvals.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(async () => {
  engine = openEngine({ clients: { http: createHttpClient({ allowEgress: ['127.0.0.1/32'] }) } });
  const environment = { id: 'production', name: 'P', type: 'production', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(engine.table, { org: 'demo', app: 'hello' }, environment);
});

afterEach(() => engine.close());

const woken: string[] = [];
const cancel = (path: RunPath, reason?: string) =>
  cancelRun(
    {
      table: engine.table,
      executions: {
        ...engine.executions,
        async wake(token) {
          woken.push(token);
          return 'woken';
        },
      },
      clock: engine.clock,
      retentionDays: 90,
      report: () => undefined,
    },
    path,
    reason,
  );

/** Under each: what the last step of job `a` is, which waits. */
const WAITS = [
  { title: 'a sleep', step: 'uses: actions/humanitec/sleep@v1, with: { seconds: 600 }' },
  { title: 'an approval', step: 'uses: actions/humanitec/approve@v1, with: { message: "Go?", env_id: production }' },
  { title: 'its next attempt', step: `uses: ${PROBE}, retry: { max-attempts: 2, delay-seconds: 600 }` },
] as const;

describe('a cancelled run', () => {
  it('that is queued ends at once', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    expect(await cancel(path)).toBe('ended');
    expect(await engine.run(path)).toMatchObject({
      status: 'cancelled',
      message: 'Cancelled on request, before it began.',
    });
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(engine.calls).toEqual([]);
    expect(await cancel(path)).toBe('over');
  });

  it.each(WAITS)('that is parked on $title is woken and ends at once; clean-up runs', async ({ step }) => {
    const path = await engine.start(
      define(`
  a: { steps: [{ ${step} }, { uses: ${LOG}, with: { message: never } }, { if: cancelled(), uses: ${LOG}, with: { message: tidy } }] }
  b: { needs: a, steps: [{ uses: ${LOG}, with: { message: never } }] }
  c: { needs: a, if: always(), steps: [{ uses: ${LOG}, with: { message: "a was \${{ needs.a.status }}" } }] }`),
    );
    const first = engine.invoke(path);
    if (step.includes('retry')) {
      await engine.untilCalls(1);
      engine.call(0).answer(failed('BROKEN', 'The test said so.'));
    }
    const next = await first;
    if (next.next !== 'park') throw new Error('it did not park');
    await parkRun(engine.table, engine.executions, { token: 'token-1', input: path, ...next });
    woken.length = 0;
    expect(await cancel(path)).toBe('requested');
    expect(woken).toEqual(['token-1']);
    // A second request is nothing new.
    expect(await cancel(path, 'Another reason.')).toBe('requested');
    const before = engine.clock.now();
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(engine.clock.now()).toBe(before);
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled', message: 'Cancelled on request.' });
    const jobs = await engine.jobs(path);
    expect(jobs.get(0)).toMatchObject({
      status: 'cancelled',
      message: 'Cancelled on request.',
      steps: [
        { status: 'cancelled', message: 'Cancelled on request.' },
        { status: 'skipped', message: 'Skipped: the run was cancelled.' },
        { status: 'succeeded' },
      ],
    });
    expect(jobs.get(1)).toMatchObject({ status: 'skipped' });
    expect(await engine.log(path, 2)).toEqual(['a was cancelled']);
    for (const approval of await approvalsOfRun(engine.table, path.run)) expect(approval.status).toBe('cancelled');
    expect(engine.calls.length).toBe(step.includes('retry') ? 1 : 0);
    expect(await cancel(path)).toBe('over');
  });

  it('says why, when it was no person who asked', async () => {
    const path = await engine.start(define(`  a: { steps: [{ ${WAITS[0].step} }] }`));
    await engine.invoke(path);
    await cancel(path, 'Cancelled: run x takes its place.');
    await engine.invoke(path);
    expect(await engine.run(path)).toMatchObject({ message: 'Cancelled: run x takes its place.' });
    expect((await engine.jobs(path)).get(0)?.steps[0]?.message).toBe('Cancelled: run x takes its place.');
  });

  it('aborts the step in flight, which hangs on an HTTP server, within 5 s', async () => {
    const { server, url, asked, closed } = await hangingServer();
    const path = await engine.start(
      define(`  a: { steps: [{ uses: actions/humanitec/http@v1, with: { method: GET, url: "${url}" } }] }`),
    );
    const invocation = engine.invoke(path);
    await asked;
    const before = engine.clock.now();
    await cancel(path);
    // It looks every two seconds.
    await engine.clock.advance(2_000);
    expect(await invocation).toEqual({ next: 'done' });
    await closed;
    server.close();
    expect(engine.clock.now() - before).toBe(2_000);
    expect((await engine.jobs(path)).get(0)).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }] });
  });

  it('gives up a step in flight that does not listen after 5 s', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await cancel(path);
    await engine.clock.advance(2_000);
    expect(engine.call(0).context.signal.aborted).toBe(true);
    await engine.clock.advance(5_000);
    expect(await invocation).toEqual({ next: 'done' });
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
  });

  it('has five minutes to clean up, and no more', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ ${WAITS[0].step} }] }
  b: { needs: a, if: always(), steps: [{ uses: ${PROBE} }, { if: always(), uses: ${LOG}, with: { message: never } }] }
  c: { needs: b, if: always(), steps: [{ uses: ${LOG}, with: { message: never } }] }`),
    );
    await engine.invoke(path);
    await cancel(path);
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(299_000);
    expect(engine.call(0).context.signal.aborted).toBe(false);
    await engine.clock.advance(1_000);
    expect(engine.call(0).context.signal.aborted).toBe(true);
    engine.call(0).answer(failed('ABORTED', 'The test said so.'));
    expect(await invocation).toEqual({ next: 'done' });
    const jobs = await engine.jobs(path);
    expect(jobs.get(1)).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }, { status: 'skipped' }] });
    expect(jobs.get(2)).toMatchObject({ status: 'skipped' });
  });

  it('parks while its clean-up waits, and is woken in time to end it', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ ${WAITS[0].step} }] }
  b: { needs: a, if: always(), steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 9000 } }] }`),
    );
    await engine.invoke(path);
    await cancel(path);
    expect(await engine.invoke(path)).toMatchObject({ next: 'park', seconds: 300 });
    await engine.clock.advance(300_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await engine.jobs(path)).get(1)).toMatchObject({ status: 'cancelled' });
  });
});

const APPROVAL_AND_CLEANUP = define(`
  a: { steps: [{ ${WAITS[1].step} }] }
  clean: { needs: a, if: always(), steps: [{ uses: ${LOG}, with: { message: tidy } }] }`);

describe('a run that nobody looked at for long', () => {
  it('cleans up after it was cancelled', async () => {
    const path = await engine.start(APPROVAL_AND_CLEANUP);
    await engine.invoke(path);
    await cancel(path);
    await engine.clock.advance(3_000_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await engine.log(path, 1)).toEqual(['tidy']);
  });

  it('cleans up after its time was over', async () => {
    const path = await engine.start(APPROVAL_AND_CLEANUP, {}, 60);
    await engine.invoke(path);
    await engine.clock.advance(3_000_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await engine.log(path, 1)).toEqual(['tidy']);
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled', message: expect.stringContaining('time-out') });
  });

  it('has its five minutes once, whoever looks again', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ ${WAITS[0].step} }] }
  b: { needs: a, if: always(), steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 9000 } }] }
  c: { needs: b, if: always(), steps: [{ uses: ${LOG}, with: { message: never } }] }`),
      {},
      60,
    );
    await engine.invoke(path);
    await engine.clock.advance(1_000_000);
    expect(await engine.invoke(path)).toMatchObject({ next: 'park', seconds: 300 });
    await engine.clock.advance(100_000);
    expect(await engine.invoke(path)).toMatchObject({ next: 'park', seconds: 200 });
    await engine.clock.advance(200_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    const jobs = await engine.jobs(path);
    expect(jobs.get(1)).toMatchObject({ status: 'cancelled' });
    expect(jobs.get(2)).toMatchObject({
      status: 'skipped',
      message: 'Skipped: the time for cleaning up after a cancelled run is over.',
    });
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled', message: expect.stringContaining('time-out') });
  });
});

it.each(['succeeded', 'failed'] as const)('a run that was asked to end does not end otherwise (%s)', async how => {
  const path = await engine.start(
    define(
      `  a: { steps: [{ uses: ${PROBE} }] }\n  b: { needs: a, if: cancelled(), steps: [{ uses: ${LOG}, with: { message: tidy } }] }`,
    ),
  );
  const invocation = engine.invoke(path);
  await engine.untilCalls(1);
  expect(await cancel(path)).toBe('requested');
  // Before the worker looks, its last job ends.
  engine.call(0).answer(how === 'succeeded' ? { status: 'succeeded', outputs: {} } : failed('BROKEN', 'It broke.'));
  expect(await invocation).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'cancelled', message: 'Cancelled on request.' });
});

/** Takes requests and never answers. */
async function hangingServer(): Promise<{
  readonly server: Server;
  readonly url: string;
  readonly asked: Promise<void>;
  readonly closed: Promise<void>;
}> {
  let tellAsked: () => void = () => undefined;
  let tellClosed: () => void = () => undefined;
  const asked = new Promise<void>(resolve => {
    tellAsked = resolve;
  });
  const closed = new Promise<void>(resolve => {
    tellClosed = resolve;
  });
  const server = createServer(request => {
    request.socket.once('close', tellClosed);
    tellAsked();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/`, asked, closed };
}
