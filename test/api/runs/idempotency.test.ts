import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import type { Table } from '../../../src/ports/table.ts';
import { reconcile } from '../../../src/run/reconcile.ts';
import { getRun } from '../../../src/store/runs.ts';
import { createApiClient } from '../../kit/api-client.ts';
import { DEPLOY, idOf, openWorld, type World } from '../../kit/api-world.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

const PIPELINE = '/orgs/acme/apps/shop/pipelines/deploy';
const RUNS = `${PIPELINE}/runs`;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const start = (
  key: string,
  inputs: object = { version: '1' },
  more: { readonly token?: string; readonly query?: string } = {},
) =>
  world.client({
    method: 'POST',
    path: `${RUNS}${more.query ?? ''}`,
    headers: { 'idempotency-key': key },
    body: { inputs },
    ...(more.token === undefined ? {} : { token: more.token }),
  });

describe('an Idempotency-Key', () => {
  test('starts one run, however often the request comes, and says so', async () => {
    const first = await start('a');
    const second = await start('a');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location });
    expect(world.executions.started).toHaveLength(1);
  });

  test('does not mind the order of keys', async () => {
    const first = await start('a', { version: '1', replicas: 3 });
    expect((await start('a', { replicas: 3, version: '1' })).json.id).toBe(first.json.id);
  });

  test('answers the run as it is now', async () => {
    const { json } = await start('a');
    await world.endRun({ org: 'acme', app: 'shop', pipeline: 'deploy', run: json.id });
    expect((await start('a')).json).toMatchObject({ id: json.id, status: 'succeeded' });
  });

  test('is refused with another body, or another version', async () => {
    await start('a');
    expect(await start('a', { version: '2' })).toMatchObject({
      status: 422,
      json: { error: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const version = (await world.client({ path: PIPELINE })).json.version;
    expect(await start('a', { version: '1' }, { query: `?version=${version}` })).toMatchObject({ status: 422 });
  });

  test('belongs to its caller', async () => {
    const first = await start('a');
    const other = await start('a', { version: '2' }, { token: world.tokens.second });
    expect(other.status).toBe(201);
    expect(other.json.id).not.toBe(first.json.id);
  });

  test('is kept for a day', async () => {
    const first = await start('a');
    await world.clock.advance(86_400_000 - 1);
    expect((await start('a')).json.id).toBe(first.json.id);
    await world.clock.advance(1);
    const later = await start('a', { version: '2' });
    expect(later.status).toBe(201);
    expect(later.json.id).not.toBe(first.json.id);
  });

  test('of a deleted run does not start it anew', async () => {
    const { json } = await start('a');
    await world.endRun({ org: 'acme', app: 'shop', pipeline: 'deploy', run: json.id });
    expect((await world.client({ method: 'DELETE', path: `${RUNS}/${json.id}` })).status).toBe(204);
    expect(await start('a')).toMatchObject({ status: 409, json: { error: 'RUN_DELETED' } });
  });

  test('is free again after a request that was refused', async () => {
    expect((await start('a', {})).status).toBe(400);
    expect((await start('a')).status).toBe(201);
  });

  test('is not used up by a dry run', async () => {
    expect((await start('a', { version: '1' }, { query: '?dry_run=true' })).status).toBe(204);
    expect((await start('a', { version: '2' })).status).toBe(201);
  });

  test('keeps large inputs whole', async () => {
    const inputs = { version: 'x'.repeat(5_000) };
    const { json } = await start('a', inputs);
    expect((await start('a', inputs)).json).toEqual(json);
    expect((await world.client({ path: `${RUNS}/${json.id}` })).json.inputs).toEqual({ ...inputs, replicas: 2 });
  });
});

test.each(Array.from({ length: 10 }, (_, round) => round))(
  '200 starts at once with one key are one run (%i)',
  async () => {
    const client = createApiClient(world.handler, world.tokens.admin);
    const call = {
      method: 'POST',
      path: RUNS,
      headers: { 'idempotency-key': 'k' },
      body: { inputs: { version: '1' } },
    };
    const answers = await Promise.all(Array.from({ length: 200 }, () => client(call)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(world.executions.started).toHaveLength(1);
    expect((await world.client({ path: RUNS })).json).toHaveLength(1);
  },
);

test('of two that start the same run, with what the pipeline was before and is now, the record and its inputs are of one', async () => {
  await world.close();
  const local = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
  world = await openWorld({}, local);
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = await openWorldOn(local, {
    ...local,
    async writeInOrder(groups) {
      await promise;
      return local.writeInOrder(groups);
    },
  });
  const call = {
    method: 'POST',
    path: RUNS,
    headers: { 'idempotency-key': 'k' },
    body: { inputs: { version: 'x'.repeat(5_000) } },
  };
  const first = createApiClient(slow.handler, world.tokens.admin)(call);
  // Its key is kept, and its run is about to be written.
  await expect.poll(async () => (await world.table.query({ pk: keyPartition })).items.length).toBe(1);
  const body = DEPLOY.replace('default: 2', 'default: 9');
  await world.client({ method: 'PATCH', path: PIPELINE, headers: { 'content-type': 'application/x-yaml' }, body });
  const second = await start('k', call.body.inputs);
  resolve();
  expect((await first).json.id).toBe(second.json.id);
  const { json } = await world.client({ path: `${RUNS}/${second.json.id}` });
  expect(json.pipeline_version).toBe(second.json.pipeline_version);
  expect(json.inputs).toEqual({ ...call.body.inputs, replicas: 9 });
});

test('a run that was deleted while another request was about to create it is not created anew', async () => {
  await world.close();
  const local = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
  world = await openWorld({}, local);
  const [toKeep, toHelp] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const heldBack = (until: Promise<void>): Table => ({
    ...local,
    async writeInOrder(groups) {
      await until;
      return local.writeInOrder(groups);
    },
  });
  const call = { method: 'POST', path: RUNS, headers: { 'idempotency-key': 'k' }, body: { inputs: { version: '1' } } };
  const owner = createApiClient((await openWorldOn(local, heldBack(toKeep.promise))).handler, world.tokens.admin);
  const first = owner(call);
  await expect.poll(async () => (await world.table.query({ pk: keyPartition })).items.length).toBe(1);
  const helping = Promise.withResolvers<void>();
  const helper = await openWorldOn(local, {
    ...heldBack(toHelp.promise),
    async get(key, options) {
      const item = await local.get(key, options);
      if (key.pk.startsWith('RUNS#') && item === undefined) helping.resolve();
      return item;
    },
  });
  const second = createApiClient(helper.handler, world.tokens.admin)(call);
  await helping.promise;
  toKeep.resolve();
  const { json } = await first;
  await world.endRun({ org: 'acme', app: 'shop', pipeline: 'deploy', run: json.id });
  expect((await world.client({ method: 'DELETE', path: `${RUNS}/${json.id}` })).status).toBe(204);
  toHelp.resolve();
  expect(await second).toMatchObject({ status: 409, json: { error: 'RUN_DELETED' } });
  expect((await world.client({ path: RUNS })).json).toEqual([]);
});

const keyPartition = `IDEMPOTENCY#acme/shop/deploy/${idOf('admin')}`;

describe('a server that dies while it starts a run', () => {
  class Crash extends Error {}

  /** Dies at its write number `at`: before it has an effect, or after. Later it is another server. */
  function dyingAt(table: Table, at: number, when: 'before' | 'after'): Table & { writes(): number } {
    let writes = 0;
    const fatal = async <R>(call: () => Promise<R>): Promise<R> => {
      writes += 1;
      if (writes !== at) return call();
      if (when === 'after') await call();
      throw new Crash('the server died');
    };
    return {
      ...table,
      writes: () => writes,
      write: write => fatal(() => table.write(write)),
      writeInOrder: groups => fatal(() => table.writeInOrder(groups)),
    };
  }

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
  ] as const)('at write %i (%s) has started one run when the request comes again', async (at, when) => {
    await world.close();
    const local = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
    world = await openWorld({}, local);
    // What the world itself writes is over; only the request meets its end.
    const dying = await openWorldOn(local, dyingAt(local, at, when));
    const client = createApiClient(dying.handler, world.tokens.admin);
    const call = {
      method: 'POST',
      path: RUNS,
      headers: { 'idempotency-key': 'k' },
      body: { inputs: { version: '1' } },
    };
    const first = await client(call);
    expect(first.status).toBe(500);
    const second = await client(call);
    expect(second.status).toBe(201);
    const { json } = await world.client({ path: RUNS });
    expect(json.map((run: { id: string }) => run.id)).toEqual([second.json.id]);
  });
});

/** Another server on the same table, which writes through `through`. */
async function openWorldOn(local: World['table'], through: Table): Promise<Pick<World, 'handler'>> {
  const { createApiHandler } = await import('../../../functions/api/api-handler.ts');
  const { createApi } = await import('../../../src/api/api.ts');
  const { createDefinitions } = await import('../../../src/run/definitions.ts');
  const definitions = createDefinitions(local, await world.actions());
  return { handler: createApiHandler(createApi({ ...world, definitions, table: through }), world.log) };
}

test('inputs that nest too deep are refused, with a key too', async () => {
  const client = createApiClient(world.handler, world.tokens.admin);
  const body = `{"inputs":{"version":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
  const headers = { 'idempotency-key': 'deep', 'content-type': 'application/json' };
  expect(await client({ method: 'POST', path: RUNS, headers, body })).toMatchObject({
    status: 400,
    json: { error: 'INVALID_INPUTS' },
  });
});

test('a restart that was made is found though it could not be made any more', async () => {
  const run = await world.addRun();
  await world.endRun(run, 'failed');
  const restart = () =>
    world.client({ method: 'POST', path: `${RUNS}/${run.run}/restart`, headers: { 'idempotency-key': 'r' }, body: {} });
  const first = await restart();
  const headers = { 'content-type': 'application/x-yaml' };
  // Its inputs do not fit any more.
  const body = DEPLOY.replace('version:\n        type: string', 'version:\n        type: boolean');
  expect((await world.client({ method: 'PATCH', path: PIPELINE, headers, body })).status).toBe(200);
  const second = await restart();
  expect(second).toMatchObject({ status: 201, json: { id: first.json.id } });
  expect(second.headers['idempotency-replayed']).toBe('true');
});

test.each(['before it looks', 'before it looks, and then it dies'])(
  'who creates the run so late that it was deleted does not bring it back: it stalls %s',
  async how => {
    const local = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: stalled, resolve: stalls } = Promise.withResolvers<void>();
    let first = true;
    let created = false;
    const table: Table = {
      ...local,
      async writeInOrder(groups) {
        const [write] = groups.at(-1) ?? [];
        const ofRun = write !== undefined && 'put' in write && write.put.pk.startsWith('RUNS#');
        if (!first || !ofRun) return local.writeInOrder(groups);
        first = false;
        stalls();
        await held;
        created = true;
        return local.writeInOrder(groups);
      },
      async get(key, options) {
        if (created && how.endsWith('dies') && key.pk.startsWith('IDEMPOTENCY#')) throw new Error('it died');
        return local.get(key, options);
      },
    };
    const late = await openWorld({ table }, local);
    const client = createApiClient(late.handler, late.tokens.admin);
    const request = () =>
      client({ method: 'POST', path: RUNS, headers: { 'idempotency-key': 'k' }, body: { inputs: { version: '1' } } });
    const slow = request();
    await stalled;
    const { json } = await request();
    const run = { org: 'acme', app: 'shop', pipeline: 'deploy', run: json.id };
    await late.endRun(run);
    expect((await client({ method: 'DELETE', path: `${RUNS}/${json.id}` })).status).toBe(204);
    const starts = late.executions.started.length;
    letGo();
    expect((await slow).status).toBe(how.endsWith('dies') ? 500 : 409);
    const { executions, clock } = late;
    const reported: string[] = [];
    const look = async () => 'missing' as const;
    const deps = { table: local, executions: { ...executions, look }, clock, retentionDays: 90 };
    await reconcile({ ...deps, report: message => reported.push(message) });
    expect(reported).toEqual([]);
    expect(late.executions.started).toHaveLength(starts);
    expect(await getRun(local, run)).toBeUndefined();
    await late.close();
  },
);
