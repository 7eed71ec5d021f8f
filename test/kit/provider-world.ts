import { expect } from 'vitest';
import type { Clients } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import type { Invoke } from '../../src/actions/registered.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import type { JsonObject } from '../../src/json.ts';
import type { RunPath } from '../../src/store/keys.ts';
import type { ProviderRow } from '../fixtures/actions/provider-rows.ts';
import type { ApiAnswer } from './api-client.ts';
import { createFakeClock } from './fake-clock.ts';
import { createInFlight } from './in-flight.ts';
import { FUNCTION, type Opposite, openOpposite } from './provider-stand-ins.ts';
import { createTurns, type Turns } from './provider-turns.ts';
import { recordedTable } from './recorded-table.ts';
import { TOKEN } from './stand-in-github.ts';
import { ACCESS_TOKEN, TRIGGER_TOKEN } from './stand-in-gitlab.ts';
import { ORCHESTRATOR_TOKEN } from './stand-in-orchestrator.ts';
import { fillPath } from './tenant.ts';
import { openWhole, type Whole } from './whole-world.ts';

const APP = '/orgs/acme/apps/shop';
const RUNS = `${APP}/pipelines/used/runs`;

/** Secret values of the app: what steps get their tokens from. */
const VALUES = { GITHUB: TOKEN, GITLAB: ACCESS_TOKEN, TRIGGER: TRIGGER_TOKEN };

/** None of them may be seen anywhere. */
export const TOKENS: readonly string[] = [...Object.values(VALUES), ORCHESTRATOR_TOKEN];

const real = createHttpClient({ allowEgress: ['127.0.0.1/32'] });

export type ProviderWorld = {
  readonly opposite: Opposite;
  readonly reports: readonly string[];
  /** What the API answers about the run, and about its only job. */
  look(): Promise<{ readonly run: JsonObject; readonly job: JsonObject; readonly log: string }>;
  /** Lets the run go on until it is over, and does to it what the row says. Answers what it waited for. */
  finish(): Promise<readonly JsonObject[]>;
  /** Everything that was ever written, logged or reported, and what every GET of the API answers. */
  everything(): Promise<string>;
  close(): Promise<void>;
};

/** A run of a pipeline with the steps of the row, started over the API by who may deploy to development. */
export async function openProviderWorld(row: ProviderRow): Promise<ProviderWorld> {
  const kept: string[] = [];
  const table = recordedTable(kept);
  // The stand-in, the worker and the API have one clock, and the world is there last.
  let { now } = createFakeClock();
  let turns: Pick<Turns, 'onAnswer'> = { onAnswer: async () => undefined };
  const opposite = await openOpposite(row, () => now());
  const http: Clients['http'] = async exchange => {
    const answer = await inFlight.track(real(exchange));
    await turns.onAnswer(exchange.url);
    return answer;
  };
  const invoke: Invoke['invoke'] = async (target, payload, options) => {
    const invoking = opposite.invoke(target, payload, options);
    // What is never answered does not hold time up.
    await inFlight.track(Promise.race([invoking, opposite.held]));
    await turns.onAnswer('invoke');
    return invoking;
  };
  const world = await openWhole({ table, invoke: { invoke }, clients: { http } });
  const inFlight = createInFlight(world.clock);
  now = world.clock.now;
  const run = await startRow(world, row, opposite);
  const own = createTurns(world, row, inFlight.settled, {
    cancel: () => send(world, 'POST', `${RUNS}/${run.run}/cancel`),
    waitingFor: async () => (await look(world, run)).run.waiting_for,
    post: body => post(world, opposite, body),
  });
  turns = own;
  return {
    opposite,
    reports: world.reports,
    look: () => look(world, run),
    finish: () => own.finish(run),
    async everything() {
      const told = [kept, world.logged, world.reports, world.history, await everyAnswer(world, run)];
      return JSON.stringify(told);
    },
    async close() {
      await world.close();
      await table.close();
      await opposite.close();
    },
  };
}

/** By whom: absent, an administrator. */
async function send(world: Whole, method: string, path: string, body?: unknown, token?: string): Promise<ApiAnswer> {
  const answer = await world.client({
    ...{ method, path },
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
    ...(typeof body === 'string' ? { headers: { 'content-type': 'application/x-yaml' } } : {}),
  });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
}

async function startRow(world: Whole, row: ProviderRow, { origin }: Opposite): Promise<RunPath> {
  const { deployer } = world.tokens;
  for (const [key, value] of Object.entries(VALUES)) {
    await send(world, 'POST', `${APP}/values`, { key, value, is_secret: true });
  }
  for (const id of ['development', 'production']) {
    await send(world, 'POST', `${APP}/envs`, { id, name: id, type: id });
  }
  if (row.setting !== null) {
    const setting = { base_url: origin, token: ORCHESTRATOR_TOKEN, ...row.setting };
    await send(world, 'PUT', '/orgs/acme/settings/orchestrator', setting);
  }
  for (const mode of ['request', 'callback']) {
    await send(world, 'POST', '/orgs/acme/actions', { ...REGISTERED, name: mode, mode });
  }
  const inputs: JsonObject = { ...row.inputs, provider: origin };
  const declared = Object.keys(inputs).map(name => [name, { type: 'string', ...(name === 'secret' && SECRET) }]);
  const definition = {
    ...{ id: 'used', name: 'Used' },
    on: { pipeline_call: { inputs: Object.fromEntries(declared) } },
    jobs: { only: { outputs: { all: '${{ toJSON(steps.it.outputs) }}' }, steps: row.steps } },
  };
  // JSON is YAML.
  await send(world, 'POST', `${APP}/pipelines`, JSON.stringify(definition));
  const started = await send(world, 'POST', RUNS, { inputs }, deployer);
  return { org: 'acme', app: 'shop', pipeline: 'used', run: started.json.id };
}

const SECRET = { secret: true };
const text = { type: 'string', description: 'A text.' };
const anything = { description: 'Anything.' };

/** What the org registered, once for each mode. */
const REGISTERED = {
  description: 'Does the work.',
  inputs: { type: 'object', required: ['to'], properties: { to: text, payload: anything } },
  outputs: { type: 'object', required: ['id'], properties: { id: text } },
  errors: { NO_SUCH_PERSON: 'Nobody is called that.' },
  target: { function: FUNCTION },
};

async function look(world: Whole, { run }: RunPath) {
  const [seen, job] = await Promise.all(
    ['', '/jobs/only'].map(path => world.client({ path: `${RUNS}/${run}${path}` })),
  );
  const steps: readonly unknown[] = job?.json.steps ?? [];
  const logs = await Promise.all(
    steps.map((_step, index) => world.client({ path: `${RUNS}/${run}/jobs/only/steps/${index}/logs` })),
  );
  return { run: seen?.json, job: job?.json, log: logs.map(log => log.text).join('\n') };
}

/** To the last URL that was given out. */
function post(world: Whole, { received }: Opposite, body: unknown): Promise<ApiAnswer> {
  const urls = [...received().matchAll(/https:\/\/pipecall\.test(\/callbacks\/[\w-]+)/g)];
  return world.client({ method: 'POST', path: urls.at(-1)?.[1] ?? '', body, token: null });
}

/** What every GET of the API answers about this run, its pipeline, its app and its org. */
async function everyAnswer(world: Whole, { org, app, pipeline, run }: RunPath): Promise<readonly string[]> {
  const params = { org, app, pipeline, run, job: 'only', step: '0', env: 'development', envType: 'development' };
  const answers: string[] = [];
  for (const { method, path } of Object.values<Route>(routes)) {
    if (method !== 'GET') continue;
    const answer = await world.client({ path: fillPath(path, { ...params, key: 'GITHUB', action: 'request' }) });
    expect(answer.status, path).toBeLessThan(500);
    answers.push(`${JSON.stringify(answer.headers)} ${answer.text}`);
  }
  return answers;
}
