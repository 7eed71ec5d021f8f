import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type JobRecord, jobWrites } from '../../src/store/jobs.ts';
import { type LogLine, logWrite } from '../../src/store/logs.ts';
import { claimRun, endAbandonedRun, releaseWrite } from '../../src/store/run-writes.ts';
import type { RunRecord } from '../../src/store/runs.ts';
import { openWorld, type World } from '../kit/api-world.ts';

const RUNS = '/orgs/acme/apps/shop/pipelines/deploy/runs';
const START = Date.UTC(2030, 0, 1);
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

let world: World;
let run: RunRecord;
let path: string;
beforeEach(async () => {
  world = await openWorld();
  run = await world.addRun();
  path = `${RUNS}/${run.run}/jobs`;
});
afterEach(() => world.close());

const fence = () => ({ run: run.run, epoch: 1, expiresAt: START / 1_000 + 86_400 });

/** Plays the worker: writes the record of a job as it would. */
async function write(index: number, more: Partial<JobRecord>, logChunks = 0): Promise<void> {
  const record: JobRecord = {
    index,
    status: 'executing',
    message: '',
    createdAt: START + 1_000,
    updatedAt: START + 2_000,
    steps: [],
    ...more,
  };
  const writes = jobWrites(fence(), record, logChunks, new Map());
  await world.table.writeInOrder([[...writes.large], [writes.record]].filter(group => group.length > 0));
}

const step = (more: Partial<NonNullable<JobRecord['steps'][number]>> = {}) => ({
  status: 'succeeded' as const,
  message: '',
  createdAt: START + 1_000,
  completedAt: START + 1_500,
  ...more,
});

const get = async (url: string) => (await world.client({ path: url })).json;

describe('jobs', () => {
  test('are all there before they begin, in the order of the definition', async () => {
    const common = {
      org_id: 'acme',
      app_id: 'shop',
      pipeline_id: 'deploy',
      pipeline_version: run.version,
      run_id: run.run,
      status: 'pending',
      status_message: '',
      created_at: at(0),
      updated_at: at(0),
      timeout_seconds: 3_600,
      etag: expect.any(String),
    };
    expect(await get(path)).toEqual([
      { ...common, id: 'build', name: 'build', needs: [] },
      { ...common, id: 'release', name: 'Release it', needs: ['build'] },
    ]);
    expect(await get(`${path}/release`)).toMatchObject({ ...common, id: 'release', steps: [], outputs: {} });
  });

  test('show what was recorded, with the steps that began', async () => {
    await claimRun(world.table, run, START);
    await write(0, {
      status: 'failed',
      message: 'step 2 failed',
      completedAt: START + 3_000,
      timeoutSeconds: 60,
      outputs: { sum: 3 },
      steps: [step(), step({ status: 'failed', message: 'boom', name: 'Say more about 1.0', timeoutSeconds: 120 })],
    });
    expect(await get(`${path}/build`)).toMatchObject({
      id: 'build',
      status: 'failed',
      status_message: 'step 2 failed',
      created_at: at(1),
      updated_at: at(2),
      completed_at: at(3),
      timeout_seconds: 60,
      outputs: { sum: 3 },
      steps: [
        {
          index: 0,
          name: 'say',
          uses: 'actions/humanitec/log@v1',
          status: 'succeeded',
          status_message: '',
          created_at: at(1),
          completed_at: at(1.5),
          timeout_seconds: 60,
          related_entities: {},
        },
        { index: 1, name: 'Say more about 1.0', status: 'failed', status_message: 'boom', timeout_seconds: 120 },
      ],
    });
    const [build, release] = await get(path);
    expect(build).toMatchObject({ id: 'build', status: 'failed', completed_at: at(3) });
    expect(build.steps).toBeUndefined();
    expect(release).toMatchObject({ id: 'release', status: 'pending' });
  });

  test('show outputs once they are over, large ones too', async () => {
    await claimRun(world.table, run, START);
    const outputs = { text: 'é'.repeat(200_000) };
    await write(0, { status: 'succeeded', completedAt: START, outputs });
    expect((await get(`${path}/build`)).outputs).toEqual(outputs);
  });

  test('say what they wait for', async () => {
    await claimRun(world.table, run, START);
    const wait = { for: 'time(2030-01-02T00:00:00.000Z)', until: START + 86_400_000, state: {} };
    await write(0, { steps: [{ status: 'executing', message: '', createdAt: START, wait }] });
    expect((await get(`${path}/build`)).waiting_for).toBe(wait.for);
    await world.table.write(releaseWrite(run, 1, { build: 'approval(1)' }));
    expect((await get(`${path}/build`)).waiting_for).toBe('approval(1)');
    expect((await get(`${RUNS}/${run.run}`)).waiting_for).toEqual({ build: 'approval(1)' });
    expect((await get(`${path}/release`)).waiting_for).toBeUndefined();
  });

  test('are cancelled when their run was ended without them', async () => {
    await claimRun(world.table, run, START);
    await write(0, { steps: [{ status: 'executing', message: '', createdAt: START }] });
    await endAbandonedRun(world.table, run, 1, {
      status: 'failed',
      message: 'the execution died',
      completedAt: START + 5_000,
      expiresAt: START / 1_000 + 86_400,
    });
    const build = await get(`${path}/build`);
    expect(build).toMatchObject({
      status: 'cancelled',
      completed_at: at(5),
      steps: [{ status: 'cancelled', completed_at: at(5) }],
    });
    expect(build.status_message).toContain('run ended');
    expect(await get(path)).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled', completed_at: at(5) }]);
  });

  test.each([
    ['status=pending', ['release']],
    ['status=executing', ['build']],
    ['status=pending&status=executing', ['build', 'release']],
    ['status=skipped', []],
    ['per_page=1', ['build']],
  ])('are listed with %s', async (query, ids) => {
    await claimRun(world.table, run, START);
    await write(0, {});
    expect((await get(`${path}?${query}`)).map((job: { id: string }) => job.id)).toEqual(ids);
  });

  test('are listed in pages', async () => {
    const first = await world.client({ path: `${path}?per_page=1` });
    const next = /^<([^>]+)>/.exec(first.headers.link ?? '')?.[1] ?? '';
    const second = await world.client({ path: next });
    expect([...first.json, ...second.json].map(job => job.id)).toEqual(['build', 'release']);
    expect(second.headers.link).toBeUndefined();
  });

  test('say what a restart from what failed would keep, once their run failed', async () => {
    const kept = async () => (await get(path)).map((job: { kept_on_restart?: boolean }) => job.kept_on_restart);
    await claimRun(world.table, run, START);
    await write(0, { status: 'succeeded', completedAt: START + 3_000, steps: [step()] });
    await write(1, { status: 'failed', completedAt: START + 4_000, steps: [] });
    expect(await kept()).toEqual([undefined, undefined]);
    await endAbandonedRun(world.table, run, 1, {
      status: 'failed',
      message: 'release failed',
      completedAt: START + 5_000,
      expiresAt: START / 1_000 + 86_400,
    });
    expect(await kept()).toEqual([true, false]);
  });

  test('have an etag that changes with them', async () => {
    const before = await get(`${path}/build`);
    await claimRun(world.table, run, START);
    await write(0, {});
    expect((await get(`${path}/build`)).etag).not.toBe(before.etag);
  });

  test('of a run whose version is gone are a fault of the server', async () => {
    const lost = await world.addRun({ version: 'gone' });
    const answer = await world.client({ path: `${RUNS}/${lost.run}/jobs` });
    expect(answer.status).toBe(500);
    expect(world.logged).toMatchObject([{ level: 'error', stack: expect.stringContaining('version gone of run') }]);
  });
});

describe('logs of a step', () => {
  const logs = () => `${path}/build/steps/1/logs`;

  /** Chunks of lines `step:text`; the record of the job counts the first `counted` of them. */
  async function writeLogs(chunks: readonly (readonly string[])[], counted = chunks.length): Promise<void> {
    let seconds = 0;
    for (const [chunk, lines] of chunks.entries()) {
      const parsed = lines.map((line): LogLine => {
        seconds += 1;
        return { step: Number(line[0]), at: START + seconds * 1_000, level: 'info', message: line.slice(2) };
      });
      await world.table.write(logWrite(fence(), 0, chunk, parsed));
    }
    await write(0, { steps: [step(), step()] }, counted);
  }

  const messages = (lines: readonly { readonly message: string }[]): string[] => lines.map(line => line.message);

  test('are its own lines, the oldest first', async () => {
    await writeLogs([['0:a', '1:b'], ['1:c'], ['0:x', '1:d']]);
    expect(await get(logs())).toEqual([
      { at: at(2), level: 'info', message: 'b' },
      { at: at(3), level: 'info', message: 'c' },
      { at: at(5), level: 'info', message: 'd' },
    ]);
    expect(messages(await get(`${path}/build/steps/0/logs`))).toEqual(['a', 'x']);
    expect(await get(`${path}/release/steps/0/logs`)).toEqual([]);
  });

  test('end where the record of the job says so', async () => {
    await writeLogs([['1:a'], ['1:left behind by a worker that died']], 1);
    expect(messages(await get(logs()))).toEqual(['a']);
  });

  test.each([1, 2, 3, 5, 1_000])('come in pages of %i', async perPage => {
    await writeLogs([['0:x', '1:a', '1:b'], ['1:c'], ['0:y'], ['1:d', '0:z', '1:e']]);
    const seen: string[][] = [];
    for (let next: string | undefined = `${logs()}?per_page=${perPage}`; next !== undefined; ) {
      const answer = await world.client({ path: next });
      seen.push(messages(answer.json));
      next = /^<([^>]+)>/.exec(answer.headers.link ?? '')?.[1];
    }
    expect(seen.flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(seen).toHaveLength(Math.ceil(5 / perPage));
  });

  test('of a page that is read while lines are added go on behind it', async () => {
    await writeLogs([['1:a', '1:b', '1:c']]);
    const first = await world.client({ path: `${logs()}?per_page=2` });
    await writeLogs([['1:a', '1:b', '1:c'], ['1:d']]);
    const next = /^<([^>]+)>/.exec(first.headers.link ?? '')?.[1] ?? '';
    expect(messages(await get(next))).toEqual(['c', 'd']);
  });

  test('are found behind many lines of other steps', async () => {
    await writeLogs([...Array.from({ length: 60 }, () => Array.from({ length: 50 }, () => '0:noise')), ['1:found']]);
    expect(messages(await get(logs()))).toEqual(['found']);
  });
});
