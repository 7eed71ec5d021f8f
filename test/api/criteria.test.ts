import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deletePipeline, getPipeline } from '../../src/store/pipelines.ts';
import { openWorld, smallPipeline, type World } from '../kit/api-world.ts';

const SHOP = '/orgs/acme/apps/shop';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const headers = { 'content-type': 'application/x-yaml' };
const definition = (id: string): string =>
  smallPipeline(id).replace('pipeline_call:', 'pipeline_call:\n  deployment_request:');
const save = (id: string) => world.client({ method: 'POST', path: `${SHOP}/pipelines`, headers, body: definition(id) });
const criterion = (pipeline: string, match: object) =>
  world.client({
    method: 'POST',
    path: `${SHOP}/pipelines/${pipeline}/criteria`,
    body: { trigger: 'deployment_request', ...match },
  });
const request = (body: object, key?: string) =>
  world.client({
    method: 'POST',
    path: `${SHOP}/pipeline-runs`,
    body: { trigger: 'deployment_request', ...body },
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

/** From the most specific to the least; all of them match the same request. */
const ORDER: readonly (readonly [string, object])[] = [
  ['env-type-kind', { env_id: 'dev', env_type: 'development', deployment_type: 'deploy' }],
  ['env-kind', { env_id: 'dev', deployment_type: 'deploy' }],
  ['env-type', { env_id: 'dev', env_type: 'development' }],
  ['env', { env_id: 'dev' }],
  ['type-kind', { env_type: 'development', deployment_type: 'deploy' }],
  ['type', { env_type: 'development' }],
  ['kind', { deployment_type: 'deploy' }],
  ['any', {}],
];

/** None of them does. */
const OTHERS: readonly object[] = [
  { env_id: 'other' },
  { env_id: 'dev', env_type: 'production' },
  { env_type: 'production' },
  { env_id: 'dev', deployment_type: 're-deploy' },
  { deployment_type: 're-deploy' },
];

describe('the most specific criterion wins', () => {
  beforeEach(async () => {
    const environment = { id: 'dev', name: 'Dev', type: 'development' };
    await world.client({ method: 'POST', path: `${SHOP}/envs`, body: environment });
    await save('never');
    for (const match of OTHERS) expect((await criterion('never', match)).status).toBe(201);
  });

  // Every pair, and so the whole order: the one that is there beside all that are less specific.
  test.each(ORDER.map(([name], place) => [name, place] as const))('%s', async (name, place) => {
    for (const [id, match] of ORDER.slice(place).toReversed()) {
      await save(`for-${id}`);
      expect((await criterion(`for-${id}`, match)).status).toBe(201);
    }
    const started = await request({ env_id: 'dev', delta_id: 'x' });
    expect([started.status, started.json.pipeline_id]).toEqual([201, `for-${name}`]);
    expect(started.headers.location).toBe(`${SHOP}/pipelines/for-${name}/runs/${started.json.id}`);
  });

  test('and the next one when it is deleted', async () => {
    await save('first');
    await save('second');
    const first = await criterion('first', { env_id: 'dev' });
    await criterion('second', {});
    expect((await request({ env_id: 'dev', set_id: 'x' })).json.pipeline_id).toBe('first');
    const path = `${SHOP}/pipelines/first/criteria/${first.json.id}`;
    expect((await world.client({ path })).json).toEqual(first.json);
    expect((await world.client({ path: path.replace('first', 'second') })).status).toBe(404);
    expect((await world.client({ method: 'DELETE', path: path.replace('first', 'second') })).status).toBe(404);
    expect((await world.client({ method: 'DELETE', path })).status).toBe(204);
    expect((await world.client({ method: 'DELETE', path })).status).toBe(404);
    expect((await request({ env_id: 'dev', set_id: 'x' })).json.pipeline_id).toBe('second');
  });

  test('a re-deployment is another kind than a deployment', async () => {
    await save('again');
    await criterion('again', { env_type: 'development', deployment_type: 'redeploy' });
    const again = await request({ env_id: 'dev', deployment_id: 'x' });
    // Beside { env_id, re-deploy } of the pipeline `never`, which is more specific.
    expect(again.json.pipeline_id).toBe('never');
    expect((await request({ env_id: 'dev', delta_id: 'x' })).status).toBe(404);
  });
});

test('of equal ones that come at the same time, one is created', async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `p${index}`);
  for (const id of ids) await save(id);
  const answers = await Promise.all(ids.map(id => criterion(id, { env_type: 'production' })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
  const winner = answers.findIndex(({ status }) => status === 201);
  const list = await world.client({ path: `${SHOP}/pipeline-criteria` });
  expect(list.json).toMatchObject([{ pipeline_id: `p${winner}` }]);
});

test('pages of criteria have every one once', async () => {
  await save('pp');
  for (let count = 0; count < 7; count += 1) await criterion('pp', { env_id: `env-${count}` });
  const seen: string[] = [];
  let path: string | undefined = `${SHOP}/pipeline-criteria?per_page=3`;
  while (path !== undefined) {
    const page = await world.client({ path });
    seen.push(...page.json.map((one: { env_id: string }) => one.env_id));
    path = /<([^>]+)>/.exec(page.headers.link ?? '')?.[1];
  }
  expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, count) => `env-${count}`));
});

describe('what a crash leaves of a pipeline', () => {
  /** Deletes the pipeline as somebody does who dies behind the commit point. */
  async function vanish(id: string): Promise<void> {
    const pipeline = await getPipeline(world.table, { org: 'acme', app: 'shop', pipeline: id });
    if (pipeline === undefined) throw new Error('no pipeline');
    await deletePipeline(world.table, pipeline);
  }

  test('its criteria count for nothing, also for a later one of its id', async () => {
    await save('pp');
    await save('qq');
    const stale = await criterion('pp', { env_id: 'dev' });
    await criterion('qq', {});
    await vanish('pp');
    expect((await request({ env_id: 'dev', delta_id: 'x' })).json.pipeline_id).toBe('qq');
    await world.clock.advance(1);
    await save('pp');
    expect((await request({ env_id: 'dev', delta_id: 'x' })).json.pipeline_id).toBe('qq');
    expect((await world.client({ path: `${SHOP}/pipeline-criteria` })).json).toMatchObject([{ pipeline_id: 'qq' }]);
    expect((await world.client({ path: `${SHOP}/pipelines/pp/criteria/${stale.json.id}` })).status).toBe(404);
    expect((await criterion('qq', { env_id: 'dev' })).status).toBe(201);
  });
});

describe('an Idempotency-Key', () => {
  beforeEach(async () => {
    await save('pp');
    await criterion('pp', {});
  });

  test('starts one run, whatever the criteria say by then', async () => {
    const first = await request({ env_id: 'dev', delta_id: 'x' }, 'k1');
    await save('qq');
    await criterion('qq', { env_id: 'dev' });
    const again = await request({ env_id: 'dev', delta_id: 'x' }, 'k1');
    expect([again.status, again.json.id]).toEqual([201, first.json.id]);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location });
    expect(world.executions.started).toHaveLength(1);
    expect((await request({ env_id: 'dev', delta_id: 'x' }, 'k2')).json.pipeline_id).toBe('qq');
  });

  test('is refused with another request', async () => {
    await request({ env_id: 'dev', delta_id: 'x' }, 'k1');
    const other = await request({ env_id: 'dev', delta_id: 'y' }, 'k1');
    expect([other.status, other.json.error]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('of a start that was refused is not used up', async () => {
    const path = `${SHOP}/pipelines/pp`;
    await world.client({ method: 'PATCH', path, headers, body: smallPipeline('pp') });
    expect((await request({ env_id: 'dev', delta_id: 'x' }, 'k1')).status).toBe(409);
    await save('qq');
    await criterion('qq', { env_id: 'dev' });
    expect((await request({ env_id: 'dev', delta_id: 'x' }, 'k1')).json.pipeline_id).toBe('qq');
  });
});

test('a run that a deployment request started is restarted as one', async () => {
  await save('pp');
  await criterion('pp', {});
  const first = await request({ env_id: 'dev', delta_id: 'x' });
  const path = { org: 'acme', app: 'shop', pipeline: 'pp', run: first.json.id };
  await world.endRun(path);
  const again = await world.client({ method: 'POST', path: `${SHOP}/pipelines/pp/runs/${first.json.id}/restart` });
  expect(again).toMatchObject({
    status: 201,
    json: { trigger: 'deployment_request', inputs: { env_id: 'dev', delta_id: 'x' }, env_ids: ['dev'] },
  });
});
