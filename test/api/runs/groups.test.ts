import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handOn } from '../../../src/run/groups.ts';
import { claimRun, finishWrites } from '../../../src/store/run-writes.ts';
import { getRun } from '../../../src/store/runs.ts';
import { createApiClient } from '../../kit/api-client.ts';
import { openWorld, type Person, smallPipeline, type World } from '../../kit/api-world.ts';

const PIPELINES = '/orgs/acme/apps/shop/pipelines';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const save = (id: string, concurrency: string, more = '') =>
  world.client({
    method: 'POST',
    path: PIPELINES,
    headers: { 'content-type': 'application/x-yaml' },
    body: smallPipeline(id, `concurrency: ${concurrency}\n${more}`),
  });
const start = (id: string, query = '', as: Person = 'admin') =>
  world.client({
    method: 'POST',
    path: `${PIPELINES}/${id}/runs${query}`,
    body: { inputs: {} },
    token: world.tokens[as],
  });
const read = async (id: string, run: string) => (await world.client({ path: `${PIPELINES}/${id}/runs/${run}` })).json;

/** The worker of a run that was let in. */
async function work(id: string, run: string): Promise<void> {
  const path = { org: 'acme', app: 'shop', pipeline: id, run };
  const claimed = await claimRun(world.table, path, world.clock.now());
  if (claimed === undefined) throw new Error('the run is over');
  const end = { status: 'succeeded' as const, message: '', completedAt: world.clock.now(), expiresAt: 4_000_000_000 };
  await world.table.writeInOrder(finishWrites(path, claimed.epoch, end));
  await handOn({ ...world, report: () => undefined }, claimed);
}

const started = (): readonly string[] => world.executions.started.map(({ name }) => name);

describe('a concurrency group', () => {
  test('queues later runs, says their place, and lets them in', async () => {
    await save('pp', '{ group: "production" }');
    const [first, second, third] = [await start('pp'), await start('pp'), await start('pp')];
    expect(first.json).toMatchObject({ status: 'queued', concurrency_group: 'production', waiting_for: {} });
    expect(second.json.waiting_for).toEqual({ run: 'concurrency(production, position 1)' });
    expect(third.json.waiting_for).toEqual({ run: 'concurrency(production, position 2)' });
    expect(started()).toEqual([first.json.id]);
    await work('pp', first.json.id);
    expect(started()).toEqual([first.json.id, second.json.id]);
    expect(await read('pp', third.json.id)).toMatchObject({
      waiting_for: { run: 'concurrency(production, position 1)' },
    });
    const list = (await world.client({ path: `${PIPELINES}/pp/runs` })).json;
    expect(list.map((run: { waiting_for: object }) => run.waiting_for)).toEqual([
      { run: 'concurrency(production, position 1)' },
      {},
      {},
    ]);
  });

  test('is of the app: pipelines share it', async () => {
    await save('pp', '{ group: "shared" }');
    await save('qq', '{ group: "shared" }');
    const first = await start('pp');
    await start('qq');
    expect(started()).toEqual([first.json.id]);
  });

  test('has a name that may come of the pipeline', async () => {
    await save('pp', '{ group: "of ${{ pipeline.id }}" }');
    expect((await start('pp')).json.concurrency_group).toBe('of pp');
  });

  test('is refused when no name comes of it', async () => {
    await save('pp', '{ group: "${{ pipeline.app }}" }');
    expect(await start('pp')).toMatchObject({ status: 400, json: { error: 'INVALID_CONCURRENCY_GROUP' } });
  });

  test('goes on when a queued run is cancelled', async () => {
    await save('pp', '{ group: "g" }');
    const [first, second, third] = [await start('pp'), await start('pp'), await start('pp')];
    await world.client({ method: 'POST', path: `${PIPELINES}/pp/runs/${second.json.id}/cancel` });
    await work('pp', first.json.id);
    expect(started()).toEqual([first.json.id, third.json.id]);
  });

  test('cancels in progress, for those who may cancel', async () => {
    await save('pp', '{ group: "g", cancel-in-progress: true }');
    const first = await start('pp');
    const path = { org: 'acme', app: 'shop', pipeline: 'pp', run: first.json.id };
    await claimRun(world.table, path, world.clock.now());
    const second = await start('pp', '', 'developer');
    expect(await getRun(world.table, path)).toMatchObject({ status: 'executing', signal: 1 });
    const third = await start('pp');
    expect(await read('pp', second.json.id)).toMatchObject({ status: 'cancelled' });
    expect((await read('pp', second.json.id)).status_message).toContain(third.json.id);
    expect(started()).toEqual([first.json.id]);
  });

  test('shows in the plan', async () => {
    await save('pp', '{ group: "g", limit: 2 }');
    const plan = async () => (await start('pp', '?dry_run=plan')).json.concurrency;
    expect(await plan()).toEqual({ group: 'g', limit: 2, executing: 0, cancels_others: false, position: '0' });
    await start('pp');
    await start('pp');
    expect(await plan()).toEqual({ group: 'g', limit: 2, executing: 2, cancels_others: false, position: '1' });
    await start('pp');
    expect(await plan()).toEqual({ group: 'g', limit: 2, executing: 2, cancels_others: false, position: '2' });
    expect(started()).toHaveLength(2);
  });
});

test('one that cancels others says so in the plan, and that it waits for nobody in line', async () => {
  await save('pp', '{ group: "g", cancel-in-progress: true }');
  const plan = async () => (await start('pp', '?dry_run=plan')).json.concurrency;
  expect(await plan()).toEqual({ group: 'g', limit: 1, executing: 0, cancels_others: true, position: '0' });
  await start('pp', '', 'developer');
  await start('pp', '', 'developer');
  expect(await plan()).toEqual({ group: 'g', limit: 1, executing: 1, cancels_others: true, position: '1' });
});

describe('a name of inputs that a deployment request need not have', () => {
  const request = (more: object) =>
    world.client({
      method: 'POST',
      path: '/orgs/acme/apps/shop/pipeline-runs',
      body: { trigger: 'deployment_request', env_id: 'dev', ...more },
    });

  test.each<[string, object, string | undefined]>([
    ['${{ inputs.delta_id }}', { delta_id: 'd' }, 'd'],
    ['${{ inputs.delta_id }}', { set_id: 's' }, undefined],
    ['${{ inputs.delta_id || inputs.set_id }}', { set_id: 's' }, 's'],
    ["${{ inputs.delta_id || 'others' }}", { deployment_id: 'x' }, 'others'],
    ['of ${{ inputs.env_id }} ${{ inputs.mode }}', { set_id: 's' }, 'of dev '],
  ])('%s of %j is %s', async (group, more, expected) => {
    const text = smallPipeline('pp', `concurrency: { group: ${JSON.stringify(group)} }\n`);
    const body = text.replace('pipeline_call:', 'deployment_request:');
    const headers = { 'content-type': 'application/x-yaml' };
    expect((await world.client({ method: 'POST', path: PIPELINES, headers, body })).status).toBe(201);
    const wanted = { trigger: 'deployment_request' };
    expect((await world.client({ method: 'POST', path: `${PIPELINES}/pp/criteria`, body: wanted })).status).toBe(201);
    const answer = await request(more);
    if (expected !== undefined) return expect(answer.json).toMatchObject({ concurrency_group: expected });
    expect(answer).toMatchObject({ status: 400, json: { error: 'INVALID_CONCURRENCY_GROUP' } });
    // What to do about it, not only that it is so.
    expect(answer.json.message).toMatch(/is null: .*inputs\..*\|\|/);
  });
});

test.each(['"a\\0b"', '"a\\nb"', '"a\\x1b[2J"'])('a name with a control character is refused: %s', async name => {
  const body = smallPipeline('pp', 'concurrency: { group: "${{ inputs.name }}" }\n').replace(
    'pipeline_call:',
    'pipeline_call: { inputs: { name: { type: string } } }',
  );
  const headers = { 'content-type': 'application/x-yaml' };
  expect((await world.client({ method: 'POST', path: PIPELINES, headers, body })).status).toBe(201);
  const text = name.replace('\\0', '\\u0000').replace('\\x1b', '\\u001b');
  const inputs = { name: JSON.parse(text) };
  const answer = await world.client({ method: 'POST', path: `${PIPELINES}/pp/runs`, body: { inputs } });
  expect(answer).toMatchObject({ status: 400, json: { error: 'INVALID_CONCURRENCY_GROUP' } });
});

test.each(Array.from({ length: 10 }, (_, round) => round))(
  '100 starts at once in one group run one after the other, in order (%i)',
  async () => {
    await save('pp', '{ group: "g" }');
    const client = createApiClient(world.handler, world.tokens.admin);
    const call = { method: 'POST', path: `${PIPELINES}/pp/runs`, body: { inputs: {} } };
    const answers = await Promise.all(Array.from({ length: 100 }, () => client(call)));
    const ids: string[] = answers.map(({ json }) => json.id);
    expect(started()).toHaveLength(1);
    for (let done = 0; done < 100; done += 1) {
      const next = started()[done];
      if (next === undefined) throw new Error(`nobody was let in behind run ${done}`);
      // The one at work is alone: the next one comes when it has ended.
      expect(started()).toHaveLength(done + 1);
      await work('pp', next);
    }
    expect(started()).toEqual(ids.sort());
  },
);
