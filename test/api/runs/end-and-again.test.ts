import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getJob, jobWrites, listJobs } from '../../../src/store/jobs.ts';
import { partsOfRun } from '../../../src/store/keys.ts';
import { claimRun, leaveToken } from '../../../src/store/run-writes.ts';
import { getRun, type RunRecord } from '../../../src/store/runs.ts';
import { DEPLOY, idOf, openWorld, type World } from '../../kit/api-world.ts';

const PIPELINE = '/orgs/acme/apps/shop/pipelines/deploy';
const RUNS = `${PIPELINE}/runs`;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const post = (run: RunRecord, what: string, more: Partial<Parameters<World['client']>[0]> = {}) =>
  world.client({ method: 'POST', path: `${RUNS}/${run.run}/${what}`, ...more });
const read = (run: RunRecord) => world.client({ path: `${RUNS}/${run.run}` });

describe('cancel', () => {
  test('of a queued run ends it at once', async () => {
    const run = await world.addRun();
    expect(await post(run, 'cancel')).toMatchObject({ status: 204, text: '' });
    expect((await read(run)).json).toMatchObject({
      status: 'cancelled',
      status_message: 'Cancelled on request, before it began.',
      cancellation_requested_at: '2030-01-01T00:00:00.000Z',
      completed_at: '2030-01-01T00:00:00.000Z',
    });
    expect(await claimRun(world.table, run, world.clock.now())).toBeUndefined();
  });

  test('of a run that executes asks it to end, and asking again changes nothing', async () => {
    const run = await world.addRun();
    await claimRun(world.table, run, world.clock.now());
    expect((await post(run, 'cancel')).status).toBe(204);
    const asked = await getRun(world.table, run);
    expect(asked).toMatchObject({ status: 'executing', signal: 1, cancellationRequestedAt: world.clock.now() });
    await world.clock.advance(5_000);
    expect((await post(run, 'cancel')).status).toBe(204);
    expect((await getRun(world.table, run))?.cancellationRequestedAt).toBe(asked?.cancellationRequestedAt);
  });

  test('of a parked run wakes it with the token that stands there', async () => {
    const run = await world.addRun();
    await claimRun(world.table, run, world.clock.now());
    await leaveToken(world.table, run, 'the-token', { epoch: 1, signal: 0 });
    await post(run, 'cancel');
    expect(world.executions.woken).toEqual(['the-token']);
  });

  test('of a run that is over is refused', async () => {
    const run = await world.addRun();
    await world.endRun(run);
    expect(await post(run, 'cancel')).toMatchObject({ status: 409, json: { error: 'RUN_IS_OVER' } });
  });

  test('honours If-Match', async () => {
    const run = await world.addRun();
    const { etag } = (await read(run)).json;
    expect((await post(run, 'cancel', { headers: { 'if-match': '0123456789abcdef' } })).status).toBe(412);
    expect((await post(run, 'cancel', { headers: { 'if-match': etag } })).status).toBe(204);
  });

  test('needs a right, and a run that is there', async () => {
    const run = await world.addRun();
    expect((await post(run, 'cancel', { token: world.tokens.viewer })).status).toBe(403);
    expect((await post(run, 'cancel', { token: world.tokens.rival })).status).toBe(404);
    expect((await post({ ...run, run: '01b8dac5-b400-7000-8000-ffffffffffff' }, 'cancel')).status).toBe(404);
    expect((await getRun(world.table, run))?.status).toBe('queued');
  });
});

describe('delete', () => {
  const remove = (run: RunRecord, headers = {}) =>
    world.client({ method: 'DELETE', path: `${RUNS}/${run.run}`, headers });

  test('takes everything of the run along, and only that', async () => {
    const [run, other] = [await world.addRun(), await world.addRun()];
    for (const { run: of } of [run, other]) {
      const job = {
        index: 0,
        status: 'succeeded' as const,
        message: '',
        createdAt: 1,
        updatedAt: 1,
        steps: [],
        outputs: { big: 'x'.repeat(5_000) },
      };
      const { large, record } = jobWrites({ run: of, epoch: 1, expiresAt: 4_000_000_000 }, job, 0, new Map());
      await world.table.writeInOrder([large, [record]]);
    }
    await world.endRun(run);
    expect((await remove(run)).status).toBe(204);
    expect((await read(run)).status).toBe(404);
    expect((await world.table.query({ pk: partsOfRun(run.run) })).items).toEqual([]);
    expect((await world.table.query({ pk: partsOfRun(other.run) })).items).toHaveLength(2);
    expect((await world.client({ path: RUNS })).json).toMatchObject([{ id: other.run }]);
    expect((await remove(run)).status).toBe(404);
  });

  test('is refused while the run is not over, or is another one', async () => {
    const run = await world.addRun();
    expect(await remove(run)).toMatchObject({ status: 409, json: { error: 'RUN_IS_NOT_OVER' } });
    await world.endRun(run);
    expect((await remove(run, { 'if-match': '0123456789abcdef' })).status).toBe(412);
    expect((await read(run)).status).toBe(200);
  });
});

describe('restart', () => {
  const patch = (body: string) =>
    world.client({ method: 'PATCH', path: PIPELINE, headers: { 'content-type': 'application/x-yaml' }, body });

  test('starts a run with the same inputs on the current version, as whoever restarts', async () => {
    const run = await world.addRun({ inputs: { version: '7', replicas: 3 } });
    await world.endRun(run, 'failed');
    const { version } = (await patch(`${DEPLOY}# changed\n`)).json;
    const answer = await post(run, 'restart', { token: world.tokens.developer });
    expect(answer).toMatchObject({ status: 201, json: { inputs: { version: '7', replicas: 3 }, status: 'queued' } });
    expect(answer.json).toMatchObject({
      pipeline_version: version,
      created_by: idOf('developer'),
      run_as: idOf('developer'),
    });
    expect(answer.headers.location).toBe(`${RUNS}/${answer.json.id}`);
    expect((await getRun(world.table, { ...run, run: answer.json.id }))?.restartOf).toBe(run.run);
    expect(world.executions.started.map(({ name }) => name)).toContain(answer.json.id);
  });

  test('is refused while the run is not over', async () => {
    const run = await world.addRun();
    expect(await post(run, 'restart')).toMatchObject({ status: 409, json: { error: 'RUN_IS_NOT_OVER' } });
  });

  test('is refused when the inputs no longer fit', async () => {
    const run = await world.addRun();
    await world.endRun(run);
    await patch(DEPLOY.replace('      version:\n        type: string', '      version:\n        type: integer'));
    expect(await post(run, 'restart')).toMatchObject({ status: 409, json: { error: 'CANNOT_RESTART' } });
  });

  test.each([undefined, { from: 'failed' }])(
    '%j is refused when the pipeline is gone, and when it is another one',
    async body => {
      const run = await world.addRun();
      await world.endRun(run, 'failed');
      expect((await world.client({ method: 'DELETE', path: PIPELINE })).status).toBe(204);
      const gone = await post(run, 'restart', body === undefined ? {} : { body });
      expect(gone).toMatchObject({ status: 409, json: { error: 'CANNOT_RESTART' } });
      expect(gone.json.message).toContain('was deleted');
      await world.clock.advance(1);
      const headers = { 'content-type': 'application/x-yaml' };
      const path = '/orgs/acme/apps/shop/pipelines';
      expect((await world.client({ method: 'POST', path, headers, body: DEPLOY })).status).toBe(201);
      const other = await post(run, 'restart', body === undefined ? {} : { body });
      expect(other).toMatchObject({ status: 409, json: { error: 'CANNOT_RESTART' } });
      expect(other.json.message).toContain('created after the run');
    },
  );

  test('takes no body, an empty one, or `from`', async () => {
    const run = await world.addRun();
    await world.endRun(run, 'failed');
    expect((await post(run, 'restart', { body: {} })).status).toBe(201);
    expect(await post(run, 'restart', { body: { from: 'start' } })).toMatchObject({ status: 422 });
    expect(await post(run, 'restart', { body: { inputs: {} } })).toMatchObject({
      status: 400,
      json: { error: 'UNKNOWN_BODY_KEYS' },
    });
  });

  test('carries secrets over as they were sealed, and says none', async () => {
    const token = [
      '      token:',
      '        type: string',
      '        secret: true',
      '        pattern: "^s3cret-[a-z]+$"',
      '',
    ].join('\n');
    await patch(DEPLOY.replace('    inputs:\n', `    inputs:\n${token}`));
    const inputs = { version: '1', token: 's3cret-value' };
    const first = await world.client({ method: 'POST', path: RUNS, body: { inputs } });
    expect(first.json.inputs).toEqual({ version: '1', replicas: 2, token: '***' });
    const path = { org: 'acme', app: 'shop', pipeline: 'deploy' };
    const run = await getRun(world.table, { ...path, run: first.json.id });
    if (run === undefined) throw new Error('there is no run');
    await world.endRun(run, 'failed');
    const again = await post(run, 'restart');
    expect(again.json.inputs).toEqual(first.json.inputs);
    expect((await getRun(world.table, { ...path, run: again.json.id }))?.sealedInputs).toEqual(run.sealedInputs);
    expect(`${first.text}${again.text}${JSON.stringify(run)}`).not.toContain('s3cret-value');
    await patch(DEPLOY);
    expect(await post(run, 'restart')).toMatchObject({ status: 409, json: { error: 'CANNOT_RESTART' } });
  });

  test('from what failed keeps what succeeded, on the version of the run', async () => {
    const run = await world.addRun();
    const outputs = { url: 'x'.repeat(5_000) };
    const of = { createdAt: 1, updatedAt: 2, completedAt: 2, steps: [] };
    for (const job of [
      { ...of, index: 0, status: 'succeeded' as const, message: '', outputs },
      { ...of, index: 1, status: 'failed' as const, message: 'no' },
    ]) {
      const { large, record } = jobWrites({ run: run.run, epoch: 1, expiresAt: 4_000_000_000 }, job, 3, new Map());
      await world.table.writeInOrder(large.length === 0 ? [[record]] : [large, [record]]);
    }
    await world.endRun(run, 'failed');
    await patch(`${DEPLOY}# changed\n`);
    const { status, json } = await post(run, 'restart', { body: { from: 'failed' } });
    expect(status).toBe(201);
    expect(json.pipeline_version).toBe(run.version);
    expect(await getRun(world.table, { ...run, run: json.id })).toMatchObject({ kept: true, restartOf: run.run });
    expect([...(await listJobs(world.table, json.id, false)).keys()]).toEqual([0]);
    expect(await getJob(world.table, json.id, 0)).toMatchObject({ status: 'succeeded', outputs, logChunks: 0 });
  });

  test('from what failed keeps no approval, and nothing that came after it', async () => {
    const say = "steps: [{ uses: actions/humanitec/log@v1, with: { message: '' } }]";
    const definition = `id: gated
name: Gated
on: { pipeline_call: {} }
jobs:
  build: { ${say} }
  ask: { needs: build, steps: [{ uses: actions/humanitec/approve@v1, with: { message: 'Go?', env_id: prod } }] }
  ship: { needs: ask, ${say} }
  tell: { needs: ship, ${say} }
`;
    const headers = { 'content-type': 'application/x-yaml' };
    const pipelines = '/orgs/acme/apps/shop/pipelines';
    expect((await world.client({ method: 'POST', path: pipelines, headers, body: definition })).status).toBe(201);
    const first = await world.client({ method: 'POST', path: `${pipelines}/gated/runs`, body: { inputs: {} } });
    expect(first.status, first.text).toBe(201);
    const path = { org: 'acme', app: 'shop', pipeline: 'gated' };
    const run = await getRun(world.table, { ...path, run: first.json.id });
    if (run === undefined) throw new Error('there is no run');
    for (const [index, status] of (['succeeded', 'succeeded', 'succeeded', 'failed'] as const).entries()) {
      const job = { index, status, message: '', createdAt: 1, updatedAt: 2, completedAt: 2, steps: [] };
      await world.table.writeInOrder([
        [jobWrites({ run: run.run, epoch: 1, expiresAt: 4_000_000_000 }, job, 0, new Map()).record],
      ]);
    }
    await world.endRun(run, 'failed');
    const restart = `${pipelines}/gated/runs/${run.run}/restart`;
    const { status, json } = await world.client({ method: 'POST', path: restart, body: { from: 'failed' } });
    expect(status).toBe(201);
    expect([...(await listJobs(world.table, json.id, false)).keys()]).toEqual([0]);
  });

  test('from what failed is refused when nothing did', async () => {
    const run = await world.addRun();
    await world.endRun(run);
    expect(await post(run, 'restart', { body: { from: 'failed' } })).toMatchObject({
      status: 409,
      json: { error: 'CANNOT_RESTART' },
    });
  });

  test('with an Idempotency-Key is one run', async () => {
    const run = await world.addRun();
    await world.endRun(run, 'failed');
    const headers = { 'idempotency-key': 'again' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(run, 'restart', { headers })));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect(await post(run, 'restart', { headers, body: { from: 'failed' } })).toMatchObject({
      status: 422,
      json: { error: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  test('needs the right to start: a viewer has it not', async () => {
    const run = await world.addRun();
    await world.endRun(run);
    expect((await post(run, 'restart', { token: world.tokens.viewer })).status).toBe(403);
  });
});
