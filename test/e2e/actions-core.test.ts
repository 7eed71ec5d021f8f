import { readdirSync } from 'node:fs';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createJq } from '../../src/actions/clients/jq.ts';
import { actions } from '../../src/actions/registry.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import { approvalsOfRun } from '../../src/store/approvals.ts';
import { type CoreWorld, coreCases } from '../fixtures/actions/action-cases-core.ts';
import { CANARIES } from '../fixtures/leaks.ts';
import { type ActionCase, isTested, missingPairs, type TestedCase } from '../kit/action-cases.ts';
import { type CoreActionWorld, openCoreActionWorld, POWER_OFF, type PowerCut } from '../kit/actions-core-world.ts';
import { findTraces } from '../kit/secret-traces.ts';

type Row = TestedCase & CoreWorld;

/** Milliseconds between two looks of a step at what should have been signalled. */
const LOOK_AGAIN = 300_000;

const SECRET = CANARIES.input;
const YAML = { 'content-type': 'application/x-yaml' };
const APP = '/orgs/acme/apps/shop';
const RUNS = `${APP}/pipelines/tested/runs`;
const text = { type: 'string' };
const secret = { type: 'string', secret: true };

const jq = createJq();
afterAll(() => jq.close());

let world: CoreActionWorld;

/** Saves the pipelines of the case and starts a run. */
async function begin(row: Row, cut?: PowerCut): Promise<string> {
  world = await openCoreActionWorld(row, jq, cut);
  const { where, client } = world;
  const send = async (path: string, body: object, headers = {}): Promise<{ readonly id: string }> => {
    const answer = await client({ method: 'POST', path, body: JSON.stringify(body), headers });
    expect(answer.status, answer.text).toBe(201);
    return answer.json;
  };
  const json = { 'content-type': 'application/json' };
  await send(`${APP}/envs`, { id: 'staging', name: 'Staging', type: 'development' }, json);
  const pipeline = (id: string, inputs: object, job: object) => ({
    ...{ id, name: id, on: { pipeline_call: { inputs } } },
    outputs: { it: '${{ jobs.only.outputs.it }}' },
    jobs: { only: { outputs: { it: '${{ steps.it.outputs }}' }, ...job } },
  });
  if (row.child !== undefined) {
    const inputs = { open: text, hidden: secret, where: { ...text, default: where } };
    await send(`${APP}/pipelines`, pipeline('child', inputs, { steps: row.child }), YAML);
  }
  const limits = row.jobTimeout === undefined ? {} : { 'timeout-minutes': row.jobTimeout };
  await send(`${APP}/pipelines`, pipeline('tested', { where: text, secret }, { steps: row.steps, ...limits }), YAML);
  return (await send(RUNS, { inputs: { where, secret: SECRET } }, json)).id;
}

const get = async (path: string) => (await world.client({ path })).json;
const runOf = (run: string) => get(`${RUNS}/${run}`);
const jobOf = (run: string) => get(`${RUNS}/${run}/jobs/only`);
const stepOf = async (row: Row, run: string) => (await jobOf(run)).steps[row.steps.findIndex(({ id }) => id === 'it')];
const cancel = async (run: string) =>
  expect((await world.client({ method: 'POST', path: `${RUNS}/${run}/cancel` })).status).toBe(204);

/** What somebody does as long as the step is in flight. */
function bystander(row: Row, run: string): (() => Promise<void>) | undefined {
  if (row.inFlight === undefined) return undefined;
  const { clock, seen, filters } = world;
  const began = clock.now();
  let isCancelled = row.kind !== 'cancel';
  const isInFlight = { request: () => seen.length > 0, filter: () => filters() > 0, sleep: () => asleep }[row.inFlight];
  let asleep = false;
  return async () => {
    asleep ||= clock.pendingUntil().includes(began + 4_000);
    if (!isInFlight()) return;
    if (!isCancelled) await cancel(run);
    isCancelled = true;
    const [next = clock.now()] = clock.pendingUntil();
    await clock.advance(Math.max(0, next - clock.now()));
  };
}

/** What somebody does, and how time passes, while it waits. */
async function meanwhile(row: Row, run: string): Promise<void> {
  const { client } = world;
  if (row.kind === 'cancel') return cancel(run);
  switch (row.meanwhile) {
    case undefined:
      break;
    case 'approve':
    case 'deny': {
      const [approval] = await get(`${APP}/approvals`);
      const path = `${RUNS}/${run}/jobs/only/approvals/${approval.id}/${row.meanwhile}`;
      const decided = await client({ method: 'POST', path, body: { comment: 'said' } });
      expect(decided.status, decided.text).toBeLessThan(300);
      break;
    }
    case 'post': {
      const { url } = JSON.parse(world.seen.at(-1)?.body ?? '{}');
      const path = url.replace('https://pipecall.test', '');
      const body = row.kind === 'secret' ? { said: SECRET } : { said: 'yes' };
      expect((await client({ method: 'POST', path, body, token: null })).status).toBe(204);
    }
  }
  await world.clock.advance((row.passes ?? 0) * 60_000);
}

/** From the start to the end. True: a worker died on the way. */
async function play(row: Row, run: string): Promise<boolean> {
  let died = await world.outlive(bystander(row, run));
  const { waiting_for: waitingFor, status } = await runOf(run);
  if (row.expected.waitsFor === undefined) expect(waitingFor).toEqual({});
  else {
    expect(status).toBe('executing');
    expect(waitingFor.only.slice(0, row.expected.waitsFor.length)).toBe(row.expected.waitsFor);
    await meanwhile(row, run);
    died = (await world.outlive()) || died;
    // A signal that died with its sender costs as long as waiting steps wait between two looks.
    if (died && (await runOf(run)).status === 'executing') await world.clock.advance(LOOK_AGAIN);
    await world.outlive();
  }
  await expectEnd(row, run);
  return died;
}

async function expectEnd(row: Row, run: string): Promise<void> {
  const { expected, approval, called, inFlight, once } = row;
  const step = await stepOf(row, run);
  expect(await runOf(run)).toMatchObject({ status: expected.run, waiting_for: {} });
  expect(step).toMatchObject({ status: expected.step });
  if (expected.code !== undefined) expect(step.status_message).toMatch(new RegExp(`^${expected.code}\\w*: `));
  if (expected.outputs !== undefined) expect((await jobOf(run)).outputs.it).toMatchObject(expected.outputs);
  if (called !== undefined) expect(await get(`${APP}/pipelines/child/runs`)).toMatchObject([{ status: called }]);
  if (approval !== undefined) {
    expect(await approvalsOfRun(world.table, run)).toMatchObject([{ status: approval }]);
  }
  // Nothing goes on behind the back of a run that is over.
  if (inFlight === 'request') expect(await world.ends()).toEqual(['GIVEN_UP']);
  if (inFlight === 'filter') expect(await world.ends()).toEqual(['ABORTED']);
  if (once !== undefined) expect(await effectsOf(row, run)).toHaveLength(1);
  expect(world.reports.filter(line => !line.includes(POWER_OFF))).toEqual([]);
}

/** Ids of what there is in the end. */
async function effectsOf({ once, steps }: Row, run: string): Promise<readonly unknown[]> {
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  if (once === undefined) return [];
  switch (once) {
    case 'request':
      // Sent again after a death, it is the same request for whoever keeps the key.
      return [...new Set(world.seen.map(({ headers }) => String(headers['idempotency-key'])))];
    case 'line':
      return get(`${RUNS}/${run}/jobs/only/steps/${steps.length - 1}/logs`);
    case 'approval':
      return (await approvalsOfRun(world.table, run)).map(({ id }) => id);
    case 'called run':
      return ids(await get(`${APP}/pipelines/child/runs`));
    case 'callback':
      return (await world.table.query({ pk: `RUN#${run}`, prefix: 'CALLBACK#' })).items.map(({ sk }) => sk);
  }
}

const tested = coreCases.filter(isTested);
const titled = (kinds: (row: Row) => boolean) =>
  tested.filter(kinds).map(row => [`${row.action} ${row.kind} ${row.name ?? ''}`.trim(), row] as const);

beforeEach(() => {
  onTestFinished(() => world?.close());
});

test.each(titled(({ kind }) => kind !== 'worker-death' && kind !== 'secret'))('%s', async (_title, row) => {
  await play(row, await begin(row));
});

test.each(titled(({ kind }) => kind === 'worker-death'))('%s', async (_title, row) => {
  for (const fate of ['before', 'after'] as const) {
    // At each write of the workers in turn, until there are no more.
    for (let writes = 0; await play(row, await begin(row, { writes, fate })); writes += 1) await world.close();
  }
});

test.each(titled(({ kind }) => kind === 'secret'))('%s', async (_title, row) => {
  const run = await begin(row);
  await play(row, run);
  const { seen, written, history, logged, reports } = world;
  if (row.arrives === true) expect(JSON.stringify(seen)).toMatch(/canary-Input/);
  const answers = await everyAnswer(run);
  expect(answers).toContain('***');
  expect(JSON.stringify(written)).toContain('local1.');
  for (const kept of [...written, JSON.stringify(history), JSON.stringify([logged, reports]), answers]) {
    expect(findTraces([SECRET], kept)).toEqual([]);
  }
});

/** What every GET of the API answers about this run and what is around it. */
async function everyAnswer(run: string): Promise<string> {
  const child = (await get(`${APP}/pipelines/child/runs`))[0];
  const [approval] = await approvalsOfRun(world.table, run);
  const places = [
    { pipeline: 'tested', run },
    ...(child?.id === undefined ? [] : [{ pipeline: 'child', run: child.id }]),
  ];
  const answers: string[] = [];
  for (const { method, path } of Object.values<Route>(routes)) {
    if (method !== 'GET') continue;
    for (const place of places) {
      const choices: Readonly<Record<string, string>> = {
        ...{ org: 'acme', app: 'shop', job: 'only', env: 'staging', envType: 'development', ...place },
        approval: approval?.id ?? 'none',
      };
      for (const step of path.includes('{step}') ? ['0', '1', '2'] : ['0']) {
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          name === 'step' ? step : (choices[name] ?? 'none'),
        );
        const answer = await world.client({ path: filled });
        expect(answer.status, filled).toBeLessThan(500);
        answers.push(`${JSON.stringify(answer.headers)} ${answer.text}`);
      }
    }
  }
  return answers.join('\n');
}

test('every action has every case, or a reason why not', async () => {
  const folder = new URL('../fixtures/actions/', import.meta.url);
  const files = readdirSync(folder).filter(name => /^action-cases-.*\.ts$/.test(name));
  const modules: readonly object[] = await Promise.all(files.map(name => import(new URL(name, folder).href)));
  // What such a file exports is a table of rows.
  const rows = modules.flatMap(module => Object.values(module)).flat() as readonly ActionCase[];
  const mine = [...actions.keys()].filter(key => !key.startsWith('actions/aws/'));
  expect(missingPairs(mine, rows)).toEqual([]);
  for (const row of rows) {
    expect(mine).toContain(row.action);
    if (!isTested(row)) expect(row.none).toMatch(/^[A-Z`].{20,}\.$/);
  }
});

test('a pair that no row speaks about is found', () => {
  const rows = coreCases.filter(({ action, kind }) => !(action.includes('/jq@') && kind === 'cancel'));
  expect(missingPairs(['actions/humanitec/jq@v1'], rows)).toEqual(['actions/humanitec/jq@v1 cancel']);
});
