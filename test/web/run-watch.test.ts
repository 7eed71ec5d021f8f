import { describe, expect, test } from 'vitest';
import type { Client } from '../../web/src/api/client.ts';
import { watchRun } from '../../web/src/pages/runs/watch/run-watch.ts';

const PATH = { org: 'demo', app: 'hello', pipeline: 'p', run: 'r' };

type Call = { readonly at: number; readonly name: string; readonly page: string | undefined };

/** A server whose run changes as the test says, and a clock of its own. */
function openRun() {
  const server = {
    now: 0,
    run: { id: 'r', etag: 'r0', status: 'executing', waiting_for: {} } as Record<string, unknown>,
    jobs: [{ id: 'a', etag: 'a0', status: 'executing', created_at: '', updated_at: '' }] as Record<string, unknown>[],
    steps: [{ index: 0, name: 's', status: 'executing' }] as Record<string, unknown>[],
    lines: [] as string[],
    fails: undefined as number | undefined,
    /** Operations that fail alone, with their status; 0: they are never answered. */
    failing: new Map<string, number>(),
  };
  const calls: Call[] = [];
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  let ids = 0;
  const answers: Record<string, (page: string | undefined) => { readonly value: unknown; readonly next?: string }> = {
    getRun: () => ({ value: server.run }),
    listJobs: () => ({ value: server.jobs }),
    getJob: () => ({ value: { steps: server.steps, outputs: {} } }),
    listStepLogs: page => {
      const from = Number(page ?? 0);
      const value = server.lines.slice(from, from + 1_000).map(message => ({ at: '', level: 'info', message }));
      return from + 1_000 < server.lines.length ? { value, next: String(from + 1_000) } : { value };
    },
  };
  const client = {
    call(
      name: string,
      options: {
        readonly query?: { readonly page?: string };
        readonly headers?: object;
        readonly signal?: AbortSignal;
      },
    ) {
      calls.push({ at: server.now, name, page: options.query?.page });
      const fails = server.fails ?? server.failing.get(name);
      if (fails === 0) {
        return new Promise((_, reject) =>
          options.signal?.addEventListener('abort', () => reject(new Error('cut off'))),
        );
      }
      if (fails !== undefined)
        return Promise.resolve({ ok: false, error: { status: fails, code: 'X', message: 'no' } });
      const etag = name === 'getRun' ? { etag: String(server.run.etag) } : {};
      const asked = options.headers as { readonly 'if-none-match'?: string } | undefined;
      if (name === 'getRun' && asked?.['if-none-match'] === server.run.etag) {
        return Promise.resolve({ ok: true, value: undefined, status: 304, ...etag });
      }
      return Promise.resolve({ ok: true, status: 200, ...answers[name]?.(options.query?.page), ...etag });
    },
  } as unknown as Client; // as: the operations that the watch uses
  const watch = watchRun(
    {
      client,
      hidden: () => false,
      onVisibility: () => () => undefined,
      timer: {
        set: (run, wait) => {
          ids += 1;
          timers.set(ids, { at: server.now + wait, run });
          return ids;
        },
        clear: id => timers.delete(Number(id)),
      },
    },
    PATH,
  );
  const stop = watch.start();
  return {
    server,
    watch,
    stop,
    names: () => calls.map(({ name }) => name),
    calls,
    async until(time: number) {
      for (;;) {
        // Answers are heard in later turns.
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        const due = [...timers].filter(([, { at }]) => at <= time).sort(([, a], [, b]) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        server.now = due[1].at;
        due[1].run();
      }
      server.now = time;
    },
  };
}

const gaps = (calls: readonly Call[]) => calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));

describe('watchRun', () => {
  test('reads all that is shown at once, then less than one thing a second', async () => {
    const { until, names, calls, server, stop } = openRun();
    await until(0);
    expect(names()).toEqual(['getRun', 'listJobs', 'getJob', 'listStepLogs']);
    for (let second = 1; second <= 30; second += 1) {
      server.lines.push(`line ${second}`);
      server.jobs = [{ ...server.jobs[0], etag: `a${second}` }];
      await until(second * 1_000);
    }
    stop();
    const later = calls.slice(4);
    expect(Math.min(...gaps(later))).toBeGreaterThanOrEqual(1_200);
    expect(later.length).toBeGreaterThan(20);
    expect(new Set(later.map(({ name }) => name))).toEqual(new Set(['getRun', 'listJobs', 'getJob', 'listStepLogs']));
  });

  test('asks ever more seldom while nothing changes, and is back at once when something does', async () => {
    const { until, calls, server, stop } = openRun();
    await until(120_000);
    const quiet = calls.filter(({ at }) => at > 60_000);
    expect(quiet.length).toBeLessThan(20);
    expect(Math.max(...gaps(quiet))).toBe(10_000);
    expect(Math.min(...gaps(quiet))).toBeGreaterThanOrEqual(1_000);
    server.jobs = [{ ...server.jobs[0], etag: 'a1' }];
    await until(150_000);
    const read = calls.find(({ at, name }) => at > 120_000 && name === 'getJob');
    expect(read?.at).toBeLessThanOrEqual(134_000);
    stop();
  });

  test('ends when the run is over and all was read', async () => {
    const { until, calls, watch, server } = openRun();
    await until(5_000);
    server.lines.push('the last line');
    server.steps = [{ index: 0, name: 's', status: 'succeeded', completed_at: 'x' }];
    server.jobs = [{ ...server.jobs[0], etag: 'a9', status: 'succeeded', completed_at: 'x' }];
    server.run = { ...server.run, etag: 'r9', status: 'succeeded', completed_at: 'x' };
    await until(60_000);
    const end = calls.length;
    const log = watch.read().logs.get('a/0');
    expect(log).toMatchObject({ complete: true, pages: [{ lines: [{ message: 'the last line' }] }] });
    expect(watch.read().settled).toBe(true);
    await until(600_000);
    expect(calls.length).toBe(end);
  });

  test('reads another job at once when somebody chooses it', async () => {
    const { until, calls, watch, server, stop } = openRun();
    server.jobs.push({ id: 'b', etag: 'b0', status: 'executing', created_at: '', updated_at: '' });
    await until(100);
    const before = calls.length;
    watch.choose({ job: 'b' });
    await until(100);
    expect(calls.slice(before).map(({ name }) => name)).toEqual(['getJob', 'listStepLogs']);
    stop();
  });

  test('reads a long log of a step that is over in parts, more when somebody wants it', async () => {
    const { until, calls, watch, server, stop } = openRun();
    server.steps = [{ index: 0, name: 's', status: 'failed', completed_at: 'x' }];
    server.lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
    await until(30_000);
    const pages = () => calls.filter(({ name }) => name === 'listStepLogs').map(({ page }) => page);
    expect(pages()).toEqual([undefined, '1000']);
    watch.moreLines('a', 0);
    await until(30_000);
    expect(pages()).toHaveLength(7);
    watch.moreLines('a', 0);
    await until(60_000);
    expect(pages()).toHaveLength(10);
    expect(
      watch
        .read()
        .logs.get('a/0')
        ?.pages.flatMap(({ lines }) => lines),
    ).toHaveLength(10_000);
    stop();
  });

  test('shows a message of many lines line by line, and keeps what it knew', async () => {
    const { until, watch, server, stop } = openRun();
    server.lines = ['one\ntwo\r\nthree\n'];
    await until(0);
    const lines = () =>
      watch
        .read()
        .logs.get('a/0')
        ?.pages.flatMap(page => page.lines) ?? [];
    const before = lines();
    expect(before.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
    server.lines.push('four');
    await until(10_000);
    expect(lines()).toHaveLength(4);
    expect(lines()[1]).toBe(before[1]);
    stop();
  });

  test('an outage takes nothing away; a run that is gone is asked for no more', async () => {
    const { until, watch, calls, server } = openRun();
    await until(0);
    server.fails = 503;
    await until(20_000);
    expect(watch.read()).toMatchObject({ run: { id: 'r' }, error: { status: 503 } });
    server.fails = undefined;
    await until(40_000);
    expect(watch.read().error).toBeUndefined();
    server.fails = 404;
    await until(60_000);
    const end = calls.length;
    await until(600_000);
    expect(calls.length).toBe(end);
    expect(watch.read().error?.status).toBe(404);
  });

  test.each([403, 404, 503])(
    'a log that answers %d is left out, tried again ever more seldom, and ends nothing',
    async status => {
      const { until, watch, calls, server, stop } = openRun();
      server.failing.set('listStepLogs', status);
      await until(60_000);
      expect(watch.read()).toMatchObject({ run: { id: 'r' }, error: undefined });
      expect([...watch.read().failed.keys()]).toEqual(['log/a/0']);
      server.jobs = [{ ...server.jobs[0], etag: 'a1' }];
      await until(75_000);
      expect(watch.read().details.get('a')?.etag).toBe('a1');
      await until(300_000);
      const tried = calls.filter(({ name }) => name === 'listStepLogs');
      expect(tried.length).toBeGreaterThan(8);
      expect(tried.length).toBeLessThan(20);
      server.failing.clear();
      server.lines.push('there it is');
      await until(345_000);
      expect(watch.read().failed.size).toBe(0);
      expect(watch.read().logs.get('a/0')?.pages[0]?.lines).toHaveLength(1);
      stop();
    },
  );

  test('jobs that cannot be read leave the run; when it is over they are tried again until they can', async () => {
    const { until, watch, calls, server } = openRun();
    server.run = { ...server.run, etag: 'r9', status: 'succeeded', completed_at: 'x' };
    server.failing.set('listJobs', 404);
    await until(40_000);
    expect(watch.read()).toMatchObject({ run: { id: 'r' }, jobs: undefined, error: undefined });
    expect(watch.read().failed.get('jobs')?.status).toBe(404);
    server.failing.clear();
    server.steps = [{ index: 0, name: 's', status: 'succeeded', completed_at: 'x' }];
    await until(80_000);
    expect(watch.read().logs.get('a/0')).toMatchObject({ complete: true });
    const end = calls.length;
    await until(600_000);
    expect(calls.length).toBe(end);
  });

  test('a job that is gone because its run is leads to the run at once', async () => {
    const { until, watch, calls, server } = openRun();
    server.failing.set('listStepLogs', 404);
    await until(0);
    expect(watch.read().error).toBeUndefined();
    await until(1_200);
    expect(calls.at(-1)?.name).toBe('getRun');
  });

  test('a read that is never answered fails after 15 seconds; the others go on, one at a time', async () => {
    const { until, watch, calls, server, stop } = openRun();
    server.failing.set('listStepLogs', 0);
    await until(14_000);
    expect(calls.at(-1)?.name).toBe('listStepLogs');
    expect(watch.read().failed.size).toBe(0);
    await until(15_000);
    expect(watch.read().failed.get('log/a/0')).toMatchObject({
      status: 0,
      message: expect.stringContaining('15 seconds'),
    });
    await until(16_300);
    expect(calls.at(-1)?.name).toBe('listJobs');
    server.failing.set('getRun', 0);
    await until(60_000);
    expect(watch.read().error?.message).toContain('15 seconds');
    server.failing.clear();
    await until(90_000);
    expect(watch.read()).toMatchObject({ error: undefined, failed: new Map() });
    stop();
  });
});
