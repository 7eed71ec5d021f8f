import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInvoke } from '../../src/aws/invoke.ts';
import type { Json } from '../../src/json.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import type { Person } from '../kit/api-world.ts';
import { dyingAfter, orDies } from '../kit/dying-table.ts';
import { type LambdaFunction, type StandInLambda, startLambda } from '../kit/stand-in-lambda.ts';
import { openWhole, type Whole } from '../kit/whole-world.ts';

const YAML = { 'content-type': 'application/x-yaml' };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:notify';
const ACTIONS = '/orgs/acme/actions';
const PIPELINES = '/orgs/acme/apps/shop/pipelines';

/** What a test lets the function do. */
let work: LambdaFunction;
let lambda: StandInLambda;
let client: LambdaClient;
let world: Whole;
let aborts: AbortController;

beforeEach(async () => {
  work = () => ({ outputs: { id: 'm-1' } });
  aborts = new AbortController();
  lambda = await startLambda({ notify: event => work(event) });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new LambdaClient({ endpoint: lambda.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  world = await openWhole({ invoke: createInvoke({ client }) });
});
afterEach(async () => {
  aborts.abort();
  await world.close();
  client.destroy();
  await lambda.close();
});

const string = { type: 'string', description: 'A text.' };
const NOTIFY = {
  name: 'notify',
  description: 'Tells somebody.',
  inputs: { type: 'object', required: ['to'], properties: { to: string, tone: { ...string, default: 'warm' } } },
  outputs: { type: 'object', required: ['id'], properties: { id: string } },
  mode: 'request',
  target: { function: ARN },
};

const register = (more: object = {}, as: Person = 'admin') =>
  world.client({ method: 'POST', path: ACTIONS, body: { ...NOTIFY, ...more }, token: world.tokens[as] });

const step = (uses: string, inputs: object = { to: 'you' }, more = '') =>
  `      - { id: it, uses: '${uses}', with: ${JSON.stringify(inputs)} ${more} }\n`;

const definition = (steps: string, outputs = '') =>
  `id: used\nname: Used\non: { pipeline_call: { inputs: { token: { type: string, secret: true } } } }\njobs:\n  only:\n${outputs}    steps:\n${steps}`;

const upload = (body: string) => world.client({ method: 'POST', path: PIPELINES, headers: YAML, body });
const change = (body: string) => world.client({ method: 'PATCH', path: `${PIPELINES}/used`, headers: YAML, body });

async function start(inputs: object = {}) {
  const answer = await world.client({ method: 'POST', path: `${PIPELINES}/used/runs`, body: { inputs } });
  expect(answer.status, answer.text).toBe(201);
  const run: string = answer.json.id;
  return { org: 'acme', app: 'shop', pipeline: 'used', run };
}

type Path = Awaited<ReturnType<typeof start>>;
const runOf = async ({ run }: Path) => (await world.client({ path: `${PIPELINES}/used/runs/${run}` })).json;
const jobOf = async ({ run }: Path) => (await world.client({ path: `${PIPELINES}/used/runs/${run}/jobs/only` })).json;

function eventOf(index: number): unknown {
  const call = lambda.calls[index];
  if (call === undefined) throw new Error(`the function was not called ${index + 1} times`);
  return call.event;
}

/** Registered, saved and started. */
async function ready(more: object = {}, inputs: object = { to: 'you' }, step_ = '', run: object = {}): Promise<Path> {
  expect((await register(more)).status).toBe(201);
  const outputs = '    outputs: { all: "${{ steps.it.outputs }}" }\n';
  const saved = await upload(definition(step('actions/acme/notify@v1', inputs, step_), outputs));
  expect(saved.status, saved.text).toBe(201);
  return start(run);
}

describe('a registration', () => {
  test('makes a version, which anybody in the org can read and nobody can change', async () => {
    const first = await register();
    expect(first).toMatchObject({ status: 201, headers: { location: `${ACTIONS}/notify?version=1` } });
    expect(first.json).toMatchObject({
      version: 1,
      uses: 'actions/acme/notify@v1',
      pure: false,
      target: { function: ARN },
    });
    const second = await register({ description: 'Tells everybody.', target: { module: 'notify' } });
    expect(second.json).toMatchObject({ version: 2, target: { module: 'notify' } });
    await register({ name: 'another' });
    const get = async (path: string) => (await world.client({ path: ACTIONS + path, token: world.tokens.member })).json;
    expect(await get('/notify')).toEqual(second.json);
    expect(await get('/notify?version=1')).toEqual(first.json);
    expect((await get('')).map(({ name, version }: { name: string; version: number }) => [name, version])).toEqual([
      ['another', 1],
      ['notify', 2],
    ]);
    for (const path of ['/notify?version=3', '/notify?version=0', '/notify?version=x', '/nobody'])
      expect((await get(path)).error).toBe('NOT_FOUND');
    expect((await register({}, 'manager')).json.error).toBe('FORBIDDEN');
  });

  test('at the same time as others gets a number of its own', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => register()));
    const versions = all.map(({ json }) => json.version).toSorted((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test.each([
    [{ inputs: { type: 'array' } }, 'INVALID_ACTION', 'inputs.type'],
    [{ inputs: { type: 'object', properties: { a: { type: 'text' } } } }, 'INVALID_ACTION', 'inputs.properties.a.type'],
    [{ outputs: { type: 'object', properties: { a: { pattern: '(?=x)' } } } }, 'INVALID_ACTION', 'RE2'],
    [{ inputs: { type: 'object', $ref: '#' } }, 'INVALID_ACTION', '$ref'],
    [{ inputs: { type: 'object', description: 'x'.repeat(33_000) } }, 'INVALID_ACTION', '32 KiB'],
    [{ inputs: { type: 'object', default: nested(1_000) } }, 'INVALID_ACTION', 'levels deep'],
    [{ inputs: 'none' }, 'INVALID_ACTION', 'inputs'],
    [{ name: 'No' }, 'INVALID_BODY', 'name'],
    [{ mode: 'later' }, 'INVALID_BODY', 'mode'],
    [{ target: {} }, 'INVALID_BODY', 'target'],
    [{ target: { function: ARN, module: 'notify' } }, 'INVALID_BODY', 'target'],
    [{ target: { function: 'arn:aws:s3:::bucket' } }, 'INVALID_BODY', 'target'],
    [{ target: { module: '../notify' } }, 'INVALID_BODY', 'target'],
    [{ target: { module: 'a' } }, 'INVALID_BODY', 'target'],
    [{ target: { module: 'a'.repeat(51) } }, 'INVALID_BODY', 'target'],
    [{ errors: { lower: 'x' } }, 'INVALID_BODY', 'errors'],
    [{ pure: 'yes' }, 'INVALID_BODY', 'pure'],
    [{ version: 7 }, 'UNKNOWN_BODY_KEYS', 'version'],
  ])('with %j is refused', async (more, error, says) => {
    expect((await register(more)).json).toMatchObject({ error, message: expect.stringContaining(says) });
  });
});

describe('in a definition', () => {
  beforeEach(() => register({ errors: { NO_SUCH_PERSON: 'Nobody is called that.' } }));

  test.each([
    ['actions/acme/notifi@v1', { to: 'you' }, '', 'UNKNOWN_ACTION', 'notify'],
    ['actions/acme/notify@v2', { to: 'you' }, '', 'UNKNOWN_ACTION', 'notify@v1'],
    ['actions/rival/notify@v1', { to: 'you' }, '', 'UNKNOWN_ACTION', ''],
    ['actions/acme/notify@v1', {}, '', 'MISSING_INPUT', 'to'],
    ['actions/acme/notify@v1', { to: 'you', too: 1 }, '', 'UNKNOWN_INPUT', 'too'],
    ['actions/acme/notify@v1', { to: 1 }, '', 'INVALID_INPUT', 'to'],
    [
      'actions/acme/notify@v1',
      { to: 'you' },
      ', retry: { max-attempts: 2, on: [NO_SUCH_PERSONS] }',
      'UNKNOWN_ERROR_CODE',
      '',
    ],
  ])('%s with %j %s', async (uses, inputs, more, code, says) => {
    const { status, json } = await upload(definition(step(uses, inputs, more)));
    expect(status).toBe(400);
    const found = json.details.diagnostics[0];
    expect(found).toMatchObject({ code, line: 7, column: expect.any(Number) });
    expect(JSON.stringify(found)).toContain(says);
  });

  test('outputs that it does not have are found', async () => {
    const outputs = '    outputs: { x: "${{ steps.it.outputs.idd }}" }\n';
    const { json } = await upload(definition(step('actions/acme/notify@v1'), outputs));
    expect(json.details.diagnostics[0]).toMatchObject({ code: 'UNKNOWN_OUTPUT', line: 6 });
  });

  test.each(['actions/acme/notify', 'native://actions/acme/notify@v1', 'actions/acme/notify@v1'])(
    '%s is it',
    async uses => {
      expect((await upload(definition(step(uses)))).status).toBe(201);
    },
  );

  test('an action of another org is none', async () => {
    const path = '/orgs/rival/apps/shop/pipelines';
    const body = definition(step('actions/acme/notify@v1'));
    const answer = await world.client({ method: 'POST', path, headers: YAML, body, token: world.tokens.rival });
    expect(answer.json.details.diagnostics[0].code).toBe('UNKNOWN_ACTION');
  });
});

function nested(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

test('what is registered later changes no version that was saved before', async () => {
  await register();
  const text = definition(step('actions/acme/notify'));
  expect((await upload(text)).status).toBe(201);
  const other = { type: 'object', required: ['whom'], properties: { whom: string } };
  await register({
    inputs: { ...other, properties: { whom: string, to: string }, required: [] },
    target: { function: `${ARN}:new` },
  });
  const path = await start();
  await world.settle();
  expect((await runOf(path)).status).toBe('succeeded');
  expect(lambda.calls).toMatchObject([{ event: { action: 'actions/acme/notify@v1' } }]);
  // The same text saved again means what it means now: it is a version of its own.
  const before = (await world.client({ path: `${PIPELINES}/used` })).json.version;
  expect((await change(text)).json.version).not.toBe(before);
  await start();
  await world.settle();
  expect(lambda.calls[1]).toMatchObject({ event: { action: 'actions/acme/notify@v2' } });
  // And the version before still runs as it did.
  await world.client({ method: 'POST', path: `${PIPELINES}/used/runs?version=${before}`, body: { inputs: {} } });
  await world.settle();
  expect(lambda.calls[2]).toMatchObject({ event: { action: 'actions/acme/notify@v1' } });
  await register({ inputs: other });
  expect((await change(text)).json.details.diagnostics.map(({ code }: { code: string }) => code)).toContain(
    'MISSING_INPUT',
  );
});

describe('on request', () => {
  test('the function gets what it needs, and its outputs are those of the step', async () => {
    const path = await ready();
    await world.settle();
    expect(await jobOf(path)).toMatchObject({ status: 'succeeded', outputs: { all: { id: 'm-1' } } });
    const event = {
      action: 'actions/acme/notify@v1',
      inputs: { to: 'you', tone: 'warm' },
      step_id: `${path.run}/only/it/1`,
      org: 'acme',
      app: 'shop',
      run_url: `https://pipecall.test/runs/${path.run}`,
    };
    expect(lambda.calls).toEqual([{ name: 'notify', type: 'RequestResponse', event }]);
  });

  test.each<[string, LambdaFunction, string]>([
    ['an error of its own', () => ({ error: { code: 'NO_SUCH_PERSON', message: 'who?' } }), 'NO_SUCH_PERSON: who?'],
    ['an error without a code', () => ({ error: { message: 'who?' } }), 'ACTION_FAILED: who?'],
    ['other outputs', () => ({ outputs: { id: 7 } }), 'INVALID_OUTPUTS: `id` must be a string'],
    ['no outputs', () => ({ outputs: {} }), 'INVALID_OUTPUTS: `id` is required'],
    ['unknown outputs', () => ({ outputs: { id: 'x', it: 1 } }), 'INVALID_OUTPUTS: `it` is not known'],
    ['nothing', () => undefined, 'INVALID_ANSWER'],
    ['a list', () => [1], 'INVALID_ANSWER'],
    [
      'an exception',
      () => {
        throw new Error('it is broken');
      },
      'TARGET_FAILED: it is broken',
    ],
  ])('%s', async (_what, answer, says) => {
    work = answer;
    const path = await ready();
    await world.settle();
    const { steps } = await jobOf(path);
    expect(steps[0]).toMatchObject({ status: 'failed', status_message: expect.stringContaining(says) });
  });

  test('it is called again where its failure is worth it, with an id of its own each time', async () => {
    const { length: first } = lambda.calls;
    work = () =>
      lambda.calls.length === first + 1 ? { error: { code: 'BUSY', message: 'x' } } : { outputs: { id: 'y' } };
    const path = await ready({}, { to: 'you' }, ', retry: { max-attempts: 2, on: [BUSY], delay-seconds: 60 }');
    await world.settle();
    await world.clock.advance(60_000);
    await world.settle();
    expect((await runOf(path)).status).toBe('succeeded');
    expect(lambda.calls.map(({ event }) => (event as { step_id: string }).step_id)).toEqual([
      `${path.run}/only/it/1`,
      `${path.run}/only/it/2`,
    ]);
  });

  test.each([
    ['its time is over', ', timeout-minutes: 1', /^TIMEOUT: /, 'failed'],
    ['it is cancelled', '', /^Cancelled on request/, 'cancelled'],
  ])('while it is in flight, %s', async (_what, more, says, status) => {
    work = () => new Promise(resolve => aborts.signal.addEventListener('abort', resolve));
    const path = await ready({}, { to: 'you' }, more);
    let acted = false;
    await world.settle(async () => {
      if (lambda.calls.length === 0) return;
      if (!acted && status === 'cancelled')
        await world.client({ method: 'POST', path: `${PIPELINES}/used/runs/${path.run}/cancel` });
      acted = true;
      await world.clock.advance(status === 'cancelled' ? 2_000 : 30_000);
    });
    const job = await jobOf(path);
    expect(job.steps[0]).toMatchObject({ status, status_message: expect.stringMatching(says) });
  });

  test('a secret reaches it, and comes back masked', async () => {
    work = event => ({ outputs: { id: `got ${(event as { inputs: { to: string } }).inputs.to}` } });
    const secret = 'a well-kept secret';
    const path = await ready({}, { to: '${{ inputs.token }}' }, '', { token: secret });
    await world.settle();
    expect(lambda.calls).toMatchObject([{ event: { inputs: { to: secret } } }]);
    expect(await jobOf(path)).toMatchObject({ status: 'succeeded', outputs: { all: { id: 'got ***' } } });
  });

  test.each([0, 1, 2, 3, 4])(
    'a worker that dies after %i writes: it is called again with the same id',
    async writes => {
      const path = await ready();
      await orDies(world.work(path, dyingAfter(world.table, writes)));
      await world.settle();
      expect((await runOf(path)).status).toBe('succeeded');
      expect(new Set(lambda.calls.map(({ event }) => (event as { step_id: string }).step_id)).size).toBe(1);
    },
  );
});

describe('with a callback', () => {
  const LATER = { mode: 'callback' };
  const urlOf = (index = 0): string =>
    (eventOf(index) as { callback_url: string }).callback_url.replace('https://pipecall.test', '');
  const post = (body: unknown, path = urlOf(), headers = {}) =>
    world.client({ method: 'POST', path, token: null, body, headers });

  test('the run waits without compute until it is posted to, once', async () => {
    const path = await ready(LATER);
    await world.settle();
    expect(lambda.calls).toMatchObject([{ type: 'Event' }]);
    expect((await runOf(path)).waiting_for).toEqual({ only: expect.stringMatching(/^callback\(/) });
    expect((await post({ outputs: { id: 'late' } })).status).toBe(204);
    await world.settle();
    expect(await jobOf(path)).toMatchObject({ status: 'succeeded', outputs: { all: { id: 'late' } } });
    const again = await post({ outputs: { id: 'later' } });
    const unknown = await post({}, `/callbacks/${'A'.repeat(86)}`);
    expect([again.status, again.text]).toEqual([404, unknown.text]);
  });

  test.each([
    [{ error: { code: 'NO_SUCH_PERSON', message: 'who?' } }, 'NO_SUCH_PERSON: who?'],
    [{ outputs: {} }, 'INVALID_OUTPUTS'],
    [[], 'INVALID_ANSWER'],
  ])('what is posted is judged as an answer is: %j', async (body, says) => {
    const path = await ready(LATER);
    await world.settle();
    expect((await post(body)).status).toBe(204);
    await world.settle();
    expect((await jobOf(path)).steps[0].status_message).toContain(says);
  });

  test.each([
    ['without a name', {}],
    ['that knows its id', { callback: '${{ app.values.ID }}' }],
  ])('no `callback` step %s takes it up', async (_what, inputs) => {
    expect((await register(LATER)).status).toBe(201);
    const waits = step('actions/pipecall/callback@v1', inputs).replace('id: it, ', '');
    const jobs = definition(step('actions/acme/notify@v1'), '    outputs: { all: "${{ steps.it.outputs }}" }\n');
    const other = `  other:\n    steps:\n      - { uses: actions/humanitec/sleep@v1, with: { seconds: 60 } }\n${waits}`;
    expect((await upload(jobs + other)).status).toBe(201);
    const path = await start();
    await world.settle();
    const { items } = await world.table.query({ pk: `RUN#${path.run}`, prefix: 'CALLBACK#' });
    const [id = ''] = items.map(({ sk }) => sk.replace('CALLBACK#', ''));
    await world.client({ method: 'POST', path: '/orgs/acme/apps/shop/values', body: { key: 'ID', value: id } });
    const job = { path: `${PIPELINES}/used/runs/${path.run}/jobs/other` };
    await world.clock.advance(60_000);
    await world.settle();
    const { steps } = (await world.client(job)).json;
    expect(steps[1]).toMatchObject({ status: 'failed', status_message: expect.stringMatching(/^UNKNOWN_CALLBACK: /) });
    expect((await post({ outputs: { id: 'late' } })).status).toBe(204);
    await world.settle();
    expect(await jobOf(path)).toMatchObject({ status: 'succeeded', outputs: { all: { id: 'late' } } });
  });

  test('its time-out ends it, and then nobody can post any more', async () => {
    const path = await ready(LATER, { to: 'you' }, ', timeout-minutes: 10');
    await world.settle();
    await world.clock.advance(600_000);
    await world.settle();
    expect((await jobOf(path)).steps[0].status_message).toMatch(/^TIMEOUT: /);
    expect((await post({ outputs: { id: 'x' } })).status).toBe(404);
  });

  test('it is cancelled while it waits', async () => {
    const path = await ready(LATER);
    await world.settle();
    await world.client({ method: 'POST', path: `${PIPELINES}/used/runs/${path.run}/cancel` });
    await world.settle();
    expect((await runOf(path)).status).toBe('cancelled');
    expect((await post({ outputs: { id: 'x' } })).status).toBe(404);
  });

  test.each([0, 1, 2, 3, 4, 5])('after a death after %i writes, every URL that was given out works', async writes => {
    const path = await ready(LATER);
    await orDies(world.work(path, dyingAfter(world.table, writes)));
    await world.settle();
    expect((await post({ outputs: { id: 'from the first' } }, urlOf(0))).status).toBe(204);
    expect((await post({ outputs: { id: 'from the last' } }, urlOf(lambda.calls.length - 1))).status).toBe(404);
    await world.settle();
    expect(await jobOf(path)).toMatchObject({ outputs: { all: { id: 'from the first' } } });
  });

  test('a signal that was lost is made up for by reconcile', async () => {
    const path = await ready(LATER);
    const next = await world.work(path);
    if (next.next !== 'park') throw new Error('the run did not park');
    await post({ outputs: { id: 'x' } });
    const asIfLost = { token: 'token', parked_signal: next.signal, signal: next.signal };
    await world.table.write({ update: { pk: 'RUNS#acme/shop/used', sk: path.run }, set: asIfLost });
    await reconcile({ ...world, report: message => expect.fail(message) });
    expect(world.executions.woken).toEqual(['token']);
  });
});

describe('the callback of a step', () => {
  const STEPS = `      - { id: ask, uses: actions/pipecall/announce-callback@v1, with: { timeout_minutes: 30 } }
      - { uses: actions/acme/notify@v1, with: { to: "\${{ steps.ask.outputs.url }}" } }
      - { id: answer, uses: actions/pipecall/callback@v1, with: { callback: "\${{ steps.ask.outputs.callback }}" } }
`;
  const urlOf = (): string => (eventOf(0) as { inputs: { to: string } }).inputs.to.replace('https://pipecall.test', '');
  const post = (body: unknown, headers = {}, path = urlOf()) =>
    world.client({ method: 'POST', path, token: null, body, headers });

  beforeEach(async () => {
    await register();
    const outputs = '    outputs: { said: "${{ steps.answer.outputs.payload }}" }\n';
    expect((await upload(definition(STEPS, outputs))).status).toBe(201);
  });

  test.each<[string, unknown, Readonly<Record<string, string>>, unknown]>([
    ['JSON', { yes: [1] }, {}, { yes: [1] }],
    ['text', 'it is done', { 'content-type': 'text/plain' }, 'it is done'],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'],
    ['a problem report', '{"title":"x"}', { 'content-type': 'application/problem+json' }, { title: 'x' }],
    ['nothing', undefined, {}, null],
  ])('takes %s', async (_what, body, headers, said) => {
    const path = await start();
    await world.settle();
    expect((await post(body, headers)).status).toBe(204);
    await world.settle();
    expect(await jobOf(path)).toMatchObject({ status: 'succeeded', outputs: { said } });
    expect((await post(body, headers)).status).toBe(404);
  });

  test('what cannot be taken does not use it up', async () => {
    await start();
    await world.settle();
    const json = { 'content-type': 'application/json' };
    expect((await post('{"a":', json)).status).toBe(422);
    expect((await post(`${'['.repeat(300)}${']'.repeat(300)}`, json)).status).toBe(422);
    expect((await post('x'.repeat(65_537), { 'content-type': 'text/plain' })).status).toBe(413);
    expect((await post({})).status).toBe(204);
  });

  test('of ten posts at the same time one is taken', async () => {
    const path = await start();
    await world.settle();
    const all = await Promise.all(Array.from({ length: 10 }, (_, index) => post({ index })));
    expect(all.filter(({ status }) => status === 204)).toHaveLength(1);
    await world.settle();
    const index = all.findIndex(({ status }) => status === 204);
    expect((await jobOf(path)).outputs).toEqual({ said: { index } });
  });

  test('a wrong secret, another place and another spelling are unknown', async () => {
    await start();
    await world.settle();
    const good = urlOf();
    const last = good.at(-3) === 'A' ? 'B' : 'A';
    for (const bad of [
      `${good.slice(0, -3)}${last}${good.slice(-2)}`,
      good.slice(0, -1),
      `${good}A`,
      good.replace('/callbacks/', '/callbacks/A').slice(0, -1),
    ]) {
      expect((await post({}, {}, bad)).status, bad).toBe(404);
    }
    expect((await post({})).status).toBe(204);
  });

  test('it expires', async () => {
    const path = await start();
    await world.settle();
    await world.clock.advance(1_800_000);
    expect((await post({})).status).toBe(404);
    await world.settle();
    expect((await jobOf(path)).steps[2].status_message).toMatch(/^NOT_POSTED: /);
  });

  test('its URL is not kept anywhere, nor logged, and the post is recorded', async () => {
    const path = await start();
    await world.settle();
    await post({});
    const token = urlOf().split('/').at(-1) ?? '';
    const kept = await world.table.query({ pk: `RUN#${path.run}`, prefix: 'CALLBACK#' });
    expect(kept.items).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(world.logged)).not.toContain(token);
    const log = (await world.client({ path: '/orgs/acme/audit-logs?action=postCallback' })).json;
    expect(log).toMatchObject([{ decision: 'allowed', request_path: expect.stringContaining(path.run) }]);
  });
});
