import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { putRole, removeRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { putNewValue } from '../../src/store/values.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE, PURE, vault, visible } from '../kit/engine.ts';

const APP = { org: 'demo', app: 'hello' };
const MEMBER = { scope: 'org', org: 'demo', role: 'member' } as const;
const DEVELOPER = { scope: 'app', ...APP, role: 'developer' } as const;
const TOKEN = 'tok-4711-abcdef';
const KEY = '-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n-----END KEY-----';

let engine: OwnEngine;
beforeEach(async () => {
  engine = openEngine();
  await putSubject(engine.table, { id: 'u', type: 'user', name: 'U', createdAt: 0 });
  await putRole(engine.table, 'u', MEMBER, 0);
  await putRole(engine.table, 'u', DEVELOPER, 0);
  await addValue('TOKEN', TOKEN, true);
  await addValue('KEY', KEY, true);
  await addValue('REGION', 'eu-west-1', false);
});
afterEach(() => engine.close());

/** `secret`: sealed, or what stands in the place of what was sealed. */
async function addValue(key: string, value: string, secret: boolean | string): Promise<void> {
  const content =
    secret === false ? { value } : { sealed: typeof secret === 'string' ? secret : await vault.seal(APP, value) };
  const record = { key, description: '', createdAt: 0, updatedAt: 0, revision: 1, bytes: value.length, content };
  expect(await putNewValue(engine.table, APP, record)).toBe(true);
}

const secretInput = async (value: string) => ({ sealedInputs: { text: await vault.seal(APP, value) } });

/** Starts it with the inputs as the API keeps them, and runs it as far as it goes. */
async function run(jobs: string, inputs: JsonObject = {}, secret?: string, head = ''): Promise<RunPath> {
  const more = secret === undefined ? {} : await secretInput(secret);
  const path = await engine.start(
    define(jobs, head),
    { ...inputs, ...(secret === undefined ? {} : { text: '***' }) },
    3_600,
    more,
  );
  await engine.invoke(path);
  return path;
}

const step = (message: string, more = ''): string =>
  `  a: { steps: [{ id: s, uses: ${LOG}, with: { message: '${message}' } ${more} }] }`;

describe('values of the app', () => {
  test('are read by expressions, secret ones masked where they come out', async () => {
    const path = await run(step('${{ app.values.REGION }} ${{ app.values.TOKEN }}'));
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
    expect(await engine.log(path, 0)).toEqual(['eu-west-1 ***']);
  });

  test('are not read by a pipeline that does not name them: nothing is opened, nothing is masked', async () => {
    const path = await run(step(`is ${TOKEN}`));
    expect(await engine.log(path, 0)).toEqual([`is ${TOKEN}`]);
  });

  test('are masked although the step did not read them, once the pipeline reads any', async () => {
    const path = await run(step(`is ${TOKEN} in \${{ app.values.REGION }}`));
    expect(await engine.log(path, 0)).toEqual(['is *** in eu-west-1']);
  });

  test('reach the action as they are', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: ${PROBE}, with: { key: '\${{ app.values.KEY }}' } }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    expect(engine.call(0).context.inputs).toEqual({ key: KEY });
    engine.call(0).answer({ status: 'succeeded', outputs: { [TOKEN]: [KEY], plain: 1 } });
    await invocation;
    expect(JSON.stringify(await visible(engine, path))).not.toContain('MIIE');
  });

  test.each([
    ['a secret that it names', '${{ app.values.TOKEN }}'],
    ['in another case', '${{ App.Values.token }}'],
    ['by a literal index', "${{ app['values']['TOKEN'] }}".replaceAll("'", "''")],
    ['inside a function', "${{ format(''{0}'', app.values.KEY) }}"],
  ])('a run that may not open secrets fails at the step that reads %s', async (_, message) => {
    await removeRole(engine.table, 'u', DEVELOPER);
    const path = await run(step(message));
    const [job] = (await engine.jobs(path)).values();
    expect(job?.steps[0]).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^FORBIDDEN: The run may not read the secret value '.*': values\.open/),
    });
    expect(await engine.log(path, 0)).toEqual([]);
  });

  test.each([
    ['all at once', "${{ contains(toJSON(app), ''tok-'') }} ${{ app.values.REGION }}", ['false eu-west-1']],
    ['by a name that is computed', '${{ app.values[inputs.text] }}!', ['!']],
  ])('without the right, secret ones are not there for who reads %s', async (_, message, lines) => {
    await removeRole(engine.table, 'u', DEVELOPER);
    expect(await engine.log(await run(step(message), { text: 'TOKEN' }), 0)).toEqual(lines);
  });

  test('a step that is skipped needs no right', async () => {
    await removeRole(engine.table, 'u', DEVELOPER);
    const path = await run(step('${{ app.values.TOKEN }}', ', if: false'));
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  });

  test('a role that is taken away stops the next step, not the next run', async () => {
    const reads = (id: string) => `{ id: ${id}, uses: ${PURE}, with: { key: '\${{ app.values.TOKEN }}' } }`;
    const path = await engine.start(define(`  a: { steps: [${reads('one')}, ${reads('two')}] }`));
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await removeRole(engine.table, 'u', DEVELOPER);
    engine.call(0).answer({ status: 'succeeded', outputs: {} });
    await invocation;
    const [job] = (await engine.jobs(path)).values();
    expect(job?.steps.map(one => one?.status)).toEqual(['succeeded', 'failed']);
    expect(job?.message).toContain('FORBIDDEN');
  });
});

describe('secret inputs', () => {
  test('are opened for expressions and masked where they come out', async () => {
    const path = await run(step("is ${{ inputs.text == ''my secret'' }} ${{ inputs.text }}"), {}, 'my secret');
    expect(await engine.log(path, 0)).toEqual(['is true ***']);
    expect((await engine.run(path)).inputs).toEqual({ text: '{"text":"***"}' });
  });

  test('of one run are not masked in another', async () => {
    await run(step('${{ inputs.text }}'), {}, 'first secret');
    const path = await run(step('${{ inputs.text }} first secret'), {}, 'second secret');
    expect(await engine.log(path, 0)).toEqual(['*** first secret']);
  });
});

test.each([
  [
    'a value',
    async () => addValue('BROKEN', 'not sealed', 'local1.AAAA.AAAA'),
    undefined,
    "The secret 'BROKEN' cannot be opened; set this value",
  ],
  ['an input', async () => undefined, { text: 'kms1.a.b.c' }, "The secret 'text' cannot be opened; start a new run"],
])('%s that does not open ends the run, which says so', async (_, prepare, sealedInputs, message) => {
  await prepare();
  const more = sealedInputs === undefined ? {} : { sealedInputs };
  const path = await engine.start(define(step('${{ app.values.REGION }}')), {}, 3_600, more);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'failed', message: expect.stringContaining(message) });
  expect(engine.reports).toMatchObject([{ error: { cause: { name: 'CannotOpen' } } }]);
});

describe('nothing that leaves a step holds a secret', () => {
  const canary = 'canary secret/4711';
  const JOBS = `  a:
    outputs: { raw: '\${{ inputs.text }}', code: '\${{ base64(inputs.text) }}', step: '\${{ steps.p.outputs.said }}' }
    steps:
      - { id: p, name: 'Say \${{ inputs.text }}', uses: ${PROBE} }
      - { id: q, uses: ${LOG}, with: { message: '\${{ steps.p.outputs.said }} \${{ toJSON(inputs) }}' } }
      - { id: r, uses: ${LOG}, continue-on-error: true, timeout-minutes: '\${{ inputs.text }}', with: { message: '' } }
      - { id: t, uses: ${PROBE} }
  b: { if: '\${{ fromJSON(inputs.text) }}', steps: [{ uses: ${LOG}, with: { message: '' } }] }`;
  const HEAD = "outputs: { all: '${{ toJSON(jobs) }} ${{ inputs.text }}' }";

  test('its log, outputs, name, messages, wait and failures', async () => {
    const path = await engine.start(define(JOBS, HEAD), { text: '***' }, 3_600, await secretInput(canary));
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    const { context, answer } = engine.call(0);
    context.log('info', `logged ${canary}`);
    answer({ status: 'waiting', for: `word(${canary})`, until: engine.clock.now() + 60_000, state: { kept: canary } });
    expect(await first).toMatchObject({ next: 'park' });
    expect(await engine.run(path)).toMatchObject({ waitingFor: { a: 'word(***)' } });

    const second = engine.invoke(path);
    await engine.untilCalls(2);
    expect(engine.call(1).context.state).toEqual({ kept: '***' });
    engine
      .call(1)
      .answer({ status: 'succeeded', outputs: { said: `<${canary}>`, [canary]: encodeURIComponent(canary) } });
    await engine.untilCalls(3);
    engine.call(2).crash(new Error(`thrown with ${canary}`, { cause: new Error(canary) }));
    await second;

    expect(await engine.log(path, 0)).toEqual(['logged ***', '<***> {\n  "text": "***"\n}']);
    const found = JSON.stringify([
      await visible(engine, path),
      engine.reports.map(({ error }) => String((error as Error).stack)),
    ]);
    for (const form of [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64').slice(0, 20)]) {
      expect(found).not.toContain(form);
    }
    expect(engine.reports).toMatchObject([{ error: { message: 'thrown with ***', cause: { message: '***' } } }]);
    const [job] = (await engine.jobs(path)).values();
    expect(job?.steps[0]?.name).toBe('Say ***');
    expect(job?.steps[2]?.message).toContain('its timeout-minutes is "***"');
  });

  test('a failure with outputs', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: ${PROBE} }] }`),
      { text: '***' },
      3_600,
      await secretInput(canary),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer({ status: 'failed', code: 'BROKEN', message: `no ${canary}`, outputs: { body: canary } });
    await invocation;
    expect(await engine.run(path)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('BROKEN: no ***'),
    });
    expect(JSON.stringify(await visible(engine, path))).not.toContain(canary);
  });
});
