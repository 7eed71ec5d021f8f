import { afterEach, beforeEach, expect, test } from 'vitest';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import { getRun } from '../../../src/store/runs.ts';
import { idOf, type Person } from '../../kit/api-world.ts';
import { openWhole, type Whole } from '../../kit/whole-world.ts';

const APP = '/orgs/acme/apps/shop';

const ASKS = `id: asks
name: Asks
on:
  pipeline_call:
    inputs:
      version: { type: string, required: true }
      password: { type: string, secret: true, required: true }
jobs:
  build:
    outputs:
      image: shop:\${{ inputs.version }}
    steps:
      - id: tag
        uses: actions/humanitec/log@v1
        with: { message: x }
  release:
    name: Release it
    needs: build
    outputs:
      x: one
    steps:
      - id: before
        uses: actions/humanitec/log@v1
        with: { message: before }
      - id: ask
        uses: actions/humanitec/approve@v1
        with: { env_id: staging, message: May it?, timeout_minutes: 30, min_approvals: 2, on_timeout: approve }
      - name: Say \${{ inputs.version }}
        uses: actions/humanitec/log@v1
        with:
          message: \${{ inputs.version }} of \${{ app.values.REGION }} by \${{ steps.ask.outputs.approved_by }}
      - if: inputs.version == '2.0'
        uses: actions/humanitec/log@v1
        with: { message: "\${{ inputs.password }}" }
      - if: failure()
        uses: actions/humanitec/log@v1
        with: { message: "\${{ now() }}" }
  after:
    needs: release
    if: always()
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: "\${{ needs.release.outputs.x }} \${{ app.values.TOKEN }}" }
  beside:
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: beside }
`;

let world: Whole;

beforeEach(async () => {
  world = await openWhole();
  const env = { id: 'staging', name: 'Staging', type: 'development', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(world.table, { org: 'acme', app: 'shop' }, env);
  const post = (path: string, body: unknown) => world.client({ method: 'POST', path: `${APP}${path}`, body });
  await post('/values', { key: 'REGION', value: 'eu-1' });
  await post('/values', { key: 'TOKEN', value: 'hush-hush-token', is_secret: true });
  const made = await world.client({
    method: 'POST',
    path: `${APP}/pipelines`,
    body: ASKS,
    headers: { 'content-type': 'application/x-yaml' },
  });
  expect(made.status, made.text).toBe(201);
});
afterEach(() => world.close());

async function ask(as: Person = 'developer'): Promise<string> {
  const { json, text, status } = await world.client({
    method: 'POST',
    path: `${APP}/pipelines/asks/runs`,
    token: world.tokens[as],
    body: { inputs: { version: '1.0', password: 'hush-hush-input' } },
  });
  expect(status, text).toBe(201);
  await world.settle();
  const run = await getRun(world.table, { org: 'acme', app: 'shop', pipeline: 'asks', run: json.id });
  const id = /approval\((.*)\)/.exec(run?.waitingFor.release ?? '')?.[1];
  return `${APP}/pipelines/asks/runs/${json.id}/jobs/release/approvals/${id}`;
}

const read = async (path: string, as: Person) => world.client({ path, token: world.tokens[as] });

test('an approval tells what goes on when it is given, as far as it is known', async () => {
  const path = await ask();
  const { json, text } = await read(path, 'deployer');
  expect(json.people).toEqual({ [idOf('developer')]: 'developer' });
  expect(json.next).toMatchObject({
    asked_by: idOf('developer'),
    run_as: idOf('developer'),
    env_type: 'development',
    until: '2030-01-01T00:30:00.000Z',
    on_timeout: 'approve',
    may_decide: true,
    inputs: { version: '1.0', password: '***' },
    job: { id: 'release', name: 'Release it' },
    more_steps: 0,
  });
  expect(json.next.steps).toEqual([
    {
      index: 2,
      name: 'Say 1.0',
      uses: 'actions/humanitec/log@v1',
      inputs: [{ name: 'message', value: '1.0 of eu-1 by ${{ steps.ask.outputs.approved_by }}', known: false }],
    },
    {
      index: 3,
      name: 'actions/humanitec/log',
      uses: 'actions/humanitec/log@v1',
      condition: "inputs.version == '2.0'",
      skipped: true,
      inputs: [{ name: 'message', value: '${{ inputs.password }}', known: false }],
    },
    {
      index: 4,
      name: 'actions/humanitec/log',
      uses: 'actions/humanitec/log@v1',
      condition: 'failure()',
      skipped: false,
      inputs: [{ name: 'message', value: '${{ now() }}', known: false }],
    },
  ]);
  expect(json.next.jobs).toMatchObject([
    {
      id: 'after',
      needs: ['release'],
      condition: 'always()',
      skipped: false,
      steps: [{ inputs: [{ value: '${{ needs.release.outputs.x }} ${{ app.values.TOKEN }}' }] }],
    },
  ]);
  expect(text).not.toContain('hush-hush');
});

test('who may not read the values of the app does not see them there', async () => {
  const { json, text } = await read(await ask(), 'viewer');
  expect(json.next.steps[0].inputs[0].value).toContain('${{ app.values.REGION }}');
  expect(text).not.toContain('eu-1');
});

test.each<[Person, string | undefined]>([
  ['deployer', undefined],
  ['viewer', "approvals.decide in app 'shop' on environment type 'development' needs"],
  ['service', 'service users do not decide it'],
])('%s is told whether they may decide', async (person, why) => {
  const path = await ask();
  const { json } = await read(path, person);
  expect(json.next.may_decide).toBe(why === undefined);
  if (why === undefined) expect(json.next.why_not).toBeUndefined();
  else expect(json.next.why_not).toContain(why);
  const { status, json: answer } = await world.client({
    method: 'POST',
    path: `${path}/approve`,
    token: world.tokens[person],
  });
  expect(status).toBe(why === undefined ? 200 : 403);
  if (why !== undefined) expect(answer.message).toBe(json.next.why_not);
});

test('one that is decided names who did, and tells nothing of what is past', async () => {
  const path = await ask();
  await world.client({ method: 'POST', path: `${path}/deny`, token: world.tokens.deployer });
  const { json, headers } = await read(path, 'viewer');
  expect(json.people).toEqual({ [idOf('developer')]: 'developer', [idOf('deployer')]: 'deployer' });
  expect(json.next).toBeUndefined();
  expect(headers.etag).toBe(json.etag);
});

test('of very many steps the first are told', async () => {
  const step = '      - uses: actions/humanitec/log@v1\n        with: { message: m }\n';
  const jobs = Array.from({ length: 3 }, (_, at) => `  j${at}:\n    needs: release\n    steps:\n${step.repeat(40)}`);
  const definition = `${ASKS.slice(0, ASKS.indexOf('  build:'))}  release:
    steps:
      - uses: actions/humanitec/approve@v1
        with: { env_id: staging, message: May it? }
${jobs.join('')}`;
  const { status, text } = await world.client({
    method: 'PATCH',
    path: `${APP}/pipelines/asks`,
    body: definition,
    headers: { 'content-type': 'application/x-yaml' },
  });
  expect(status, text).toBe(200);
  const { json } = await read(await ask(), 'viewer');
  expect(json.next.more_steps).toBe(20);
  expect(json.next.jobs.map(({ steps }: { steps: readonly unknown[] }) => steps.length)).toEqual([40, 40, 20]);
});
