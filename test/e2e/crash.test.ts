import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { hasEnded, type JobRecord, listJobs } from '../../src/store/jobs.ts';
import { ADMIN_TOKEN, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { type StandIn, startStandIn } from '../kit/stand-in-http.ts';

const LAYERS = 10;
const WIDTH = 2;
const KILLS = 10;

const jobId = (layer: number, place: number): string => `job-${layer}-${place}`;
const JOBS = Array.from({ length: LAYERS * WIDTH }, (_, index) => jobId(Math.floor(index / WIDTH), index % WIDTH));

/**
 * Twenty jobs in ten layers; each says so, changes something outside, rests, and says so again. Beside them one that waits for
 * somebody: the run is not over before the last kill, however slow this machine is.
 */
function definition(): string {
  const lines = [
    'id: crash',
    'name: Crash',
    'on:',
    '  pipeline_call:',
    '    inputs:',
    '      target: { type: string, required: true }',
    'jobs:',
  ];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (let place = 0; place < WIDTH; place += 1) {
      lines.push(`  ${jobId(layer, place)}:`);
      if (layer > 0)
        lines.push(`    needs: [${Array.from({ length: WIDTH }, (_, other) => jobId(layer - 1, other)).join(', ')}]`);
      lines.push(
        '    outputs: { receipt: "${{ steps.effect.outputs.body.receipt }}" }',
        '    steps:',
        `      - { uses: actions/humanitec/log@v1, with: { message: "${jobId(layer, place)} begins" } }`,
        '      - { id: effect, uses: actions/humanitec/http@v1, with: { method: POST, url: "${{ inputs.target }}/effect", data: { a: 1 } } }',
        `      - { uses: actions/humanitec/sleep@v1, with: { seconds: 0.${3 + place} } }`,
        `      - { uses: actions/humanitec/log@v1, with: { message: "${jobId(layer, place)} ends" } }`,
      );
    }
  }
  lines.push(
    '  hold:',
    '    steps:',
    '      - { uses: actions/humanitec/approve@v1, with: { env_id: development, message: "Was it killed often enough?" } }',
  );
  return `${lines.join('\n')}\n`;
}

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let standIn: StandIn;

beforeAll(async () => {
  data = await temporaryFolder();
  standIn = await startStandIn({ 'POST /effect': { status: 200, json: { receipt: 'r' } } });
});

afterAll(async () => {
  await standIn.close();
  await data.remove();
});

/** What is on disk while no server runs. */
async function recordedJobs(run: string): Promise<ReadonlyMap<number, JobRecord>> {
  const table = openTable({ file: join(data.path, 'table.sqlite'), clock: systemClock });
  try {
    return await listJobs(table, run, true);
  } finally {
    await table.close();
  }
}

const effectsOf = (run: string, job: string): number =>
  standIn.seen.filter(seen => seen.headers['idempotency-key'] === `${run}/${job}/effect/1`).length;

it('goes on after every kill -9; what was recorded is never done again', async () => {
  let server = await startLocalServer({ data: data.path });
  let client = pipecallClient(server.url, ADMIN_TOKEN);
  expect((await client.upload(definition())).status).toBe(201);
  const started = await client.start('crash', { target: standIn.url });
  const { id } = started.body as RunView;

  /** Per job: the steps that were recorded at some kill, with how often their effect had happened by then. */
  const recorded = new Map<string, { readonly record: JobRecord; readonly effects: number }>();
  const kills: number[] = [];
  while (kills.length < KILLS) {
    const pause = Math.floor(Math.random() * 450);
    await new Promise(resolve => setTimeout(resolve, pause));
    expect(await server.stop('SIGKILL')).toBeNull();
    kills.push(pause);
    for (const [index, record] of await recordedJobs(id)) {
      const job = JOBS[index] ?? '';
      const before = recorded.get(job);
      if (before !== undefined) expectKept(job, before.record, record);
      const effects = effectsOf(id, job);
      if (before?.record.steps[1]?.completedAt !== undefined)
        expect(effects, `${job}, killed after ${kills.join(', ')} ms`).toBe(before.effects);
      recorded.set(job, { record, effects });
    }
    server = await startLocalServer({ data: data.path });
    client = pipecallClient(server.url, ADMIN_TOKEN);
    expect((await client.run('crash', id)).status, `killed after ${kills.join(', ')} ms`).toBe('executing');
  }

  await letGo(client, id);
  const run = await client.untilOver('crash', id);
  expect(run).toMatchObject({ status: 'succeeded', status_message: '21 jobs succeeded.' });
  for (const job of JOBS) {
    const view = await client.job('crash', id, job);
    expect(view).toMatchObject({ status: 'succeeded', outputs: { receipt: 'r' } });
    expect(view.steps.map(step => step.status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect((await client.logs('crash', id, job, 0)).map(line => line.message)).toEqual([`${job} begins`]);
    expect((await client.logs('crash', id, job, 3)).map(line => line.message)).toEqual([`${job} ends`]);
    const before = recorded.get(job);
    if (before?.record.steps[1]?.completedAt !== undefined) expect(effectsOf(id, job)).toBe(before.effects);
    expect(effectsOf(id, job)).toBeGreaterThanOrEqual(1);
  }
  await server.stop('SIGTERM');
});

/** Approves what the run is held by; looks until it asks for that, which may be after the last kill. */
async function letGo(client: PipecallClient, run: string): Promise<void> {
  for (;;) {
    const [, approval] = /^approval\((.+)\)$/.exec((await client.run('crash', run)).waiting_for.hold ?? '') ?? [];
    if (approval !== undefined) {
      const path = `${client.app}/pipelines/crash/runs/${run}/jobs/hold/approvals/${approval}/approve`;
      const { status, body } = await client.send('POST', path, '{}', { 'content-type': 'application/json' });
      expect(status, JSON.stringify(body)).toBe(200);
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** A step that had ended stays as it was, and so does a job. */
function expectKept(job: string, before: JobRecord, after: JobRecord): void {
  for (const [index, step] of before.steps.entries()) {
    if (step?.completedAt === undefined) continue;
    const { outputs: _before, ...kept } = step;
    expect(after.steps[index], `${job} step ${index}`).toMatchObject(kept);
  }
  if (hasEnded(before.status)) expect(after.status).toBe(before.status);
}
