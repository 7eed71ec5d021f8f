import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { approvalsOfRun } from '../../src/store/approvals.ts';
import { type AuditEntry, listAudit } from '../../src/store/audit.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { putRole, removeRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { putNewValue } from '../../src/store/values.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE, vault } from '../kit/engine.ts';

const APP = { org: 'demo', app: 'hello' };
const DEVELOPER = { scope: 'app', ...APP, role: 'developer' } as const;
const TOKEN = 'tok-4711-abcdef';
const INPUT = 'input-0815-ghijkl';

let engine: OwnEngine;
beforeEach(async () => {
  engine = openEngine();
  await putSubject(engine.table, { id: 'u', type: 'user', name: 'U', createdAt: 0 });
  await putRole(engine.table, 'u', { scope: 'org', org: 'demo', role: 'member' }, 0);
  await putRole(engine.table, 'u', DEVELOPER, 0);
  for (const [key, content] of [
    ['TOKEN', { sealed: await vault.seal(APP, TOKEN) }],
    ['REGION', { value: 'eu-west-1' }],
  ] as const) {
    const value = { key, description: '', createdAt: 0, updatedAt: 0, revision: 1, bytes: 9, content };
    expect(await putNewValue(engine.table, APP, value)).toBe(true);
  }
});
afterEach(() => engine.close());

const revoke = () => removeRole(engine.table, 'u', DEVELOPER);

/** A run with the secret input `text`, not yet begun. */
async function start(jobs: string, head = ''): Promise<RunPath> {
  const sealedInputs = { text: await vault.seal(APP, INPUT) };
  const inputs = 'inputs: { text: { secret: true }, which: {}, size: { type: number } }';
  return engine.start(
    define(jobs, head).replace('inputs: { text: {} }', inputs),
    { text: '***', which: 'text', size: 3 },
    3_600,
    { sealedInputs },
  );
}

async function run(jobs: string, head = ''): Promise<RunPath> {
  const path = await start(jobs, head);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  return path;
}

async function refusals(): Promise<readonly Pick<AuditEntry, 'permission' | 'details'>[]> {
  const { records: entries } = await listAudit(engine.table, 'demo', { limit: 50 });
  return entries.map(({ permission, details }) => ({ permission, ...(details === undefined ? {} : { details }) }));
}

const steps = async (path: RunPath, job = 0) =>
  (await engine.jobs(path)).get(job)?.steps.map(step => [step?.status, step?.message]);

const say = (message: string, more = ''): string => `{ uses: ${LOG}, with: { message: '${message}' } ${more} }`;
const job = (...all: string[]): string => `  a: { steps: [${all.join(', ')}] }`;

describe('a run that may not open secrets', () => {
  beforeEach(revoke);

  test.each([
    ['an input', '${{ inputs.text }}', "secret input 'text'"],
    ['an input in another case', '${{ Inputs.TEXT }}', "secret input 'TEXT'"],
    ['an input by a literal index', "${{ inputs[''text''] }}", "secret input 'text'"],
    ['a value', '${{ app.values.TOKEN }}', "secret value 'TOKEN'"],
  ])('fails at the step that names %s', async (_, message, name) => {
    const path = await run(job(say('first'), say(message)));
    const refused = expect.stringContaining(`FORBIDDEN: The run may not read the ${name}: values.open`);
    expect(await steps(path)).toEqual([
      ['succeeded', 'Succeeded.'],
      ['failed', refused],
    ]);
    expect(await engine.log(path, 0)).toEqual(['first']);
    expect(await refusals()).toEqual([{ permission: 'values.open', details: { step: `${path.run}/a/1` } }]);
  });

  test.each([
    ['all inputs', "${{ contains(toJSON(inputs), ''0815'') }} ${{ contains(toJSON(inputs), ''***'') }}", 'false true'],
    ['a name that it computes', "${{ startsWith(inputs[inputs.which], ''input'') }}", 'false'],
    ['every input', "${{ contains(join(inputs.*), ''0815'') }}", 'false'],
    ['all of the app', "${{ contains(toJSON(app), ''4711'') }}", 'false'],
    ['what is no secret', '${{ inputs.size }} ${{ app.values.REGION }}', '3 eu-west-1'],
  ])('sees none in %s', async (_, message, line) => {
    expect(await engine.log(await run(job(say(message))), 0)).toEqual([line]);
    expect(await refusals()).toEqual([]);
  });

  test.each([
    ['its condition is false', job(say('${{ inputs.text }}', ', if: false'))],
    ['a step before it failed', job(say('x', ", timeout-minutes: '${{ 0 }}'"), say('x', ', if: inputs.text'))],
  ])('a step that is skipped is not refused: %s', async (_, jobs) => {
    const path = await run(jobs);
    expect((await steps(path))?.at(-1)?.[0]).toBe('skipped');
    expect(await refusals()).toEqual([]);
  });

  test.each([
    ['an `if`', ", if: inputs.text == ''no''"],
    ['a time-out', ", timeout-minutes: '${{ inputs.text && 5 }}'"],
    ['a name', ", name: 'Say ${{ inputs.text }}'"],
  ])('a step whose %s names one fails before it is evaluated', async (_, more) => {
    const path = await run(job(say('x', more.replaceAll("''", "'"))));
    expect(await steps(path)).toEqual([['failed', expect.stringMatching(/^FORBIDDEN: /)]]);
    expect(await refusals()).toHaveLength(1);
  });

  test.each([
    ['its `if`', `  a: { if: inputs.text == 'x', steps: [${say('x')}] }`],
    ['its time-out', `  a: { timeout-minutes: '\${{ inputs.text && 5 }}', steps: [${say('x')}] }`],
    ['its outputs', `  a: { outputs: { o: '\${{ inputs.text && 5 }}' }, steps: [${say('x')}] }`],
  ])('a job that names one in %s fails', async (_, jobs) => {
    const path = await run(`${jobs}\n  b: { needs: a, if: always(), steps: [${say('x')}] }`);
    const found = await engine.jobs(path);
    expect(found.get(0)).toMatchObject({ status: 'failed', message: expect.stringMatching(/^FORBIDDEN: The run may/) });
    expect(found.get(1)).toMatchObject({ status: 'succeeded' });
    expect(await refusals()).toEqual([{ permission: 'values.open', details: { job: 'a' } }]);
  });

  test('a job that is skipped is not refused', async () => {
    const path = await run(`  a: { if: false, steps: [${say('x')}] }
  b: { needs: a, if: inputs.text, outputs: { o: '\${{ inputs.text }}' }, steps: [${say('x')}] }`);
    expect((await engine.jobs(path)).get(1)).toMatchObject({ status: 'skipped' });
    expect(await refusals()).toEqual([]);
  });

  test('a run that names one in its outputs fails', async () => {
    const path = await run(job(say('x')), "outputs: { o: '${{ jobs.a.status }} ${{ app.values.TOKEN && 1 }}' }");
    const message = expect.stringMatching(/^FORBIDDEN: The run may not read/);
    expect(await engine.run(path)).toMatchObject({ status: 'failed', message });
    expect(await refusals()).toHaveLength(1);
  });
});

describe('a role that is taken away', () => {
  test('stops the next step that reads a secret input', async () => {
    const path = await start(
      job(`{ uses: ${PROBE}, with: { key: '\${{ inputs.text }}' } }`, say('${{ inputs.text }}')),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    expect(engine.call(0).context.inputs).toEqual({ key: INPUT });
    await revoke();
    engine.call(0).answer({ status: 'succeeded', outputs: {} });
    await invocation;
    expect((await steps(path))?.map(([status]) => status)).toEqual(['succeeded', 'failed']);
  });

  test('counts for outputs and conditions that are evaluated later in the same invocation', async () => {
    const path =
      await start(`  a: { outputs: { o: "\${{ startsWith(app.values.TOKEN, 'tok') }}" }, steps: [{ uses: ${PROBE} }] }
  b: { needs: a, if: "always() && startsWith(app.values.TOKEN, 'tok')", steps: [${say('x')}] }
  c: { needs: a, if: "always() && contains(toJSON(inputs), '0815')", steps: [${say('x')}] }`);
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await revoke();
    engine.call(0).answer({ status: 'succeeded', outputs: {} });
    await invocation;
    const found = await engine.jobs(path);
    expect([0, 1, 2].map(index => found.get(index)?.status)).toEqual(['failed', 'failed', 'skipped']);
    expect(found.get(0)?.outputs).toBeUndefined();
  });

  test('closes the approval that a step waits for', async () => {
    await putNewEnvironment(engine.table, APP, { id: 'prod', name: 'P', type: 'p', createdAt: 1, createdBy: 'u' });
    const path = await start(
      job("{ uses: actions/humanitec/approve@v1, with: { message: 'Go ${{ inputs.text }}?', env_id: prod } }"),
    );
    expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
    expect(await approvalsOfRun(engine.table, path.run)).toMatchObject([{ status: 'waiting', message: 'Go ***?' }]);
    await revoke();
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await steps(path)).toEqual([['failed', expect.stringMatching(/^FORBIDDEN: /)]]);
    expect(await approvalsOfRun(engine.table, path.run)).toMatchObject([{ status: 'cancelled' }]);
    expect(await refusals()).toHaveLength(1);
  });
});

test('a run that may open secrets reads them in every place', async () => {
  const path = await run(
    `  a: { if: inputs.text == '${INPUT}', timeout-minutes: "\${{ inputs.text && 5 }}", outputs: { o: "\${{ startsWith(inputs.text, 'input') }}" },
       steps: [${say("${{ startsWith(app.values.TOKEN, ''tok'') }}", `, if: inputs.text == '${INPUT}'`)}] }
  b: { needs: a, if: "contains(toJSON(app), '4711') && contains(toJSON(inputs), '0815')", steps: [${say('x')}] }`,
  );
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded', message: '2 jobs succeeded.' });
  expect((await engine.jobs(path)).get(0)).toMatchObject({ outputs: { o: true }, timeoutSeconds: 300 });
  expect(await engine.log(path, 0)).toEqual(['true']);
});

test.each([
  ['nothing secret is named', say('${{ inputs.size }} ${{ app.values.REGION }}'), 0],
  ['three steps name a secret', say('${{ inputs.text }}'), 3],
])('roles are read once for each step that needs it: %s', async (_, step, reads) => {
  const path = await start(job(step, step, step));
  let count = 0;
  const table: Table = {
    ...engine.table,
    query(question) {
      if (question.pk === 'SUBJECT#u') count += 1;
      return engine.table.query(question);
    },
  };
  await engine.invoke(path, { table });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  expect(count).toBe(reads);
});
