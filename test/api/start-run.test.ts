import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import type { Table } from '../../src/ports/table.ts';
import { openWorld, smallPipeline, type World } from '../kit/api-world.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const PIPELINE = '/orgs/acme/apps/shop/pipelines/deploy';
const RUNS = `${PIPELINE}/runs`;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const start = (headers: Readonly<Record<string, string>> = {}, inputs: object = { version: '1.0' }) =>
  world.client({ method: 'POST', path: RUNS, headers, body: { inputs } });

/** Names are told to whoever reads a run, not to whoever starts one. */
const withoutNames = (text: string) => text.replace(/,"people":\{[^{}]*\}\}$/, '}');

describe('a start', () => {
  test('records the run, starts its execution under its id, and says where it is', async () => {
    const { status, json, headers } = await start();
    expect(status).toBe(201);
    expect(headers.location).toBe(`${RUNS}/${json.id}`);
    expect(world.executions.started).toEqual([
      { name: json.id, input: { org: 'acme', app: 'shop', pipeline: 'deploy', run: json.id } },
    ]);
  });

  test('can be read at once, as it was answered', async () => {
    const started = await start();
    const read = await world.client({ path: started.headers.location ?? '' });
    expect(withoutNames(read.text)).toBe(started.text);
  });

  test.each([
    ['small', { version: 'é'.repeat(10) }],
    ['beside the record', { version: 'x'.repeat(5_000) }],
    ['large', { version: 'é'.repeat(120 * 1_024) }],
    ['odd', { version: '"\\\u2028\n</script>\u0000' }],
  ])('keeps inputs that are %s', async (_what, inputs) => {
    const started = await start({}, inputs);
    expect(started.status).toBe(201);
    const read = await world.client({ path: `${RUNS}/${started.json.id}` });
    expect(read.json.inputs).toEqual({ ...inputs, replicas: 2 });
    expect(withoutNames(read.text)).toBe(started.text);
  });

  test('takes the time-out of the definition', async () => {
    const path = '/orgs/acme/apps/shop/pipelines';
    const body = smallPipeline('slow', 'timeout-minutes: 90\n');
    await world.client({ method: 'POST', path, headers: { 'content-type': 'text/yaml' }, body });
    const { json } = await world.client({ method: 'POST', path: `${path}/slow/runs`, body: { inputs: {} } });
    expect(json.timeout_seconds).toBe(5_400);
  });

  test('whose execution does not start is a start all the same, and is in the log', async () => {
    world.executions.failStarts(new Error('Step Functions is away'));
    const { status, json } = await start();
    expect(status).toBe(201);
    expect((await world.client({ path: `${RUNS}/${json.id}` })).json.status).toBe('queued');
    expect(world.logged).toEqual([
      expect.objectContaining({
        level: 'warning',
        run: json.id,
        stack: expect.stringContaining('Step Functions is away'),
      }),
    ]);
  });

  test('that is refused records nothing and starts nothing', async () => {
    await start({}, {});
    await world.client({ method: 'POST', path: `${RUNS}?dry_run=true`, body: { inputs: { version: '1' } } });
    expect(world.executions.started).toEqual([]);
    expect((await world.client({ path: RUNS })).json).toEqual([]);
  });
});

describe('the way to a 201', () => {
  /** Calls of the table that are under way at the same time count as one step. */
  function countSteps(table: Table, steps: string[][]): Table {
    let underWay = 0;
    const watched =
      <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (underWay === 0) steps.push([]);
        steps.at(-1)?.push(name);
        underWay += 1;
        try {
          return await call(...args);
        } finally {
          underWay -= 1;
        }
      };
    return {
      get: watched('get', table.get),
      getMany: watched('getMany', table.getMany),
      query: watched('query', table.query),
      write: watched('write', table.write),
      writeInOrder: watched('writeInOrder', table.writeInOrder),
    };
  }

  test('is two steps of the table, and the start of the execution together with the entry in the audit log', async () => {
    const steps: string[][] = [];
    const clock = createFakeClock();
    const table = openTable({ file: ':memory:', clock, sweepSeconds: 0 });
    await world.close();
    world = await openWorld({ table: countSteps(table, steps) }, table);
    await start();
    steps.length = 0;
    expect((await start()).status).toBe(201);
    expect(steps).toEqual([['query', 'get'], ['writeInOrder'], ['write']]);
    steps.length = 0;
    expect((await world.client({ path: RUNS.replace('/runs', '') })).status).toBe(200);
    expect(steps).toEqual([['query', 'get']]);
  });
});

describe('Prefer: wait', () => {
  test('answers with the run when it is over', async () => {
    const asked: string[] = [];
    world.executions.whileWaiting(async name => {
      asked.push(name);
      await world.endRun({ org: 'acme', app: 'shop', pipeline: 'deploy', run: name }, 'succeeded', { url: 'x' });
    });
    const { status, json, headers } = await start({ prefer: 'wait=10' });
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: 'succeeded', status_message: 'it succeeded', outputs: { url: 'x' } });
    expect(headers).toMatchObject({ 'preference-applied': 'wait=10', etag: json.etag });
    expect(headers.location).toBe(`${RUNS}/${json.id}`);
    expect(asked).toEqual([json.id]);
  });

  test.each([
    ['wait=3', 3],
    ['respond-async, Wait=3', 3],
    ['wait="3"', 3],
    ['handling=lenient; wait=3', 3],
    ['wait=25', 25],
    ['wait=26', 25],
    ['wait=99999', 25],
    ['wait=0', 0],
  ])('%s answers with the run as it is after %i s', async (prefer, seconds) => {
    world.executions.whileWaiting((_name, ms) => world.clock.advance(ms));
    const before = world.clock.now();
    const answer = start({ prefer });
    while (!(await isDone(answer))) await world.clock.advance(100);
    const { status, json, headers } = await answer;
    expect(status).toBe(201);
    expect(json.status).toBe('queued');
    expect(headers['preference-applied']).toBe(`wait=${seconds}`);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(seconds * 1_000);
  });

  test.each(['wait', 'wait=', 'wait=soon', 'wait=-1', 'wait=1.5', 'respond-async', 'await=3'])(
    '%j makes no sense and is ignored',
    async prefer => {
      world.executions.whileWaiting(async () => expect.fail('somebody waits'));
      const { status, headers } = await start({ prefer });
      expect(status).toBe(201);
      expect(headers['preference-applied']).toBeUndefined();
    },
  );

  test('of a read answers when the run is another one', async () => {
    const run = await world.addRun();
    const path = `${RUNS}/${run.run}`;
    const { etag } = (await world.client({ path })).json;
    world.executions.whileWaiting(() => world.endRun(run));
    const headers = { 'if-none-match': etag, prefer: 'wait=5' };
    const answer = await world.client({ path, headers });
    expect(answer).toMatchObject({
      status: 200,
      json: { status: 'succeeded' },
      headers: { 'preference-applied': 'wait=5' },
    });
  });

  test('of a read answers 304 when nothing happens', async () => {
    const run = await world.addRun();
    const path = `${RUNS}/${run.run}`;
    const { etag } = (await world.client({ path })).json;
    world.executions.whileWaiting((_name, ms) => world.clock.advance(ms));
    const answer = world.client({ path, headers: { 'if-none-match': etag, prefer: 'wait=2' } });
    while (!(await isDone(answer))) await world.clock.advance(100);
    expect(await answer).toMatchObject({ status: 304, text: '', headers: { etag, 'preference-applied': 'wait=2' } });
  });
});

/** Is the promise settled, once everything has run that does not wait? */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  await world.clock.flush();
  return done;
}
