import { createHash } from 'node:crypto';
import {
  type Asked,
  createProvider,
  type ProviderStandIn,
  pageOf,
  type Told,
  type Trouble,
} from './stand-in-provider.ts';

export type OrchestratorOptions = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly org?: string;
  readonly app?: string;
  /** Environments that are there from the start: id and type. Development has the set `set-0` deployed. */
  readonly environments?: Readonly<Record<string, string>>;
  /** Milliseconds that a deployment takes, and whether it fails. */
  readonly takes?: number;
  readonly fails?: boolean;
  /** Deployments to this environment are in progress for as long as this is true. */
  readonly holds?: (env: string) => boolean;
  /** Milliseconds until what was made can be read and listed, or until what was deleted cannot. */
  readonly shownAfter?: number;
  /** Milliseconds after a deployment until its workloads are ready. */
  readonly readyAfter?: number;
  /** The workloads never get ready. */
  readonly unready?: boolean;
  /** How the runtime is told: of the workload (since 2024), or of its controllers only. */
  readonly runtime?: 'modules' | 'controllers' | 'empty';
  /** Whether `POST /deltas` answers the whole delta or its id. */
  readonly deltas?: 'whole' | 'id';
  /** Somebody else deploys to every environment until this many milliseconds after the start. */
  readonly busyFor?: number;
  /** The deployments that others made to `development` before. */
  readonly others?: number;
  readonly troubles?: readonly Trouble[];
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Body = { readonly [name: string]: Json };

type Deployment = {
  readonly id: string;
  readonly env: string;
  readonly at: number;
  readonly set: string;
  readonly body: Body;
};
type Environment = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly at: number;
  readonly from?: string;
  deletedAt?: number;
};
type Delta = { readonly id: string; readonly at: number; readonly body: Body };

export type OrchestratorStandIn = ProviderStandIn & {
  /** Those that were asked for here, oldest first. */
  readonly deployments: readonly Deployment[];
  readonly deltas: readonly Delta[];
  readonly environments: ReadonlyMap<string, Environment>;
  readonly sets: ReadonlyMap<string, Body>;
};

export const ORCHESTRATOR_TOKEN = 'orchestrator-token-0123456789';

const IMAGE = 'registry.example.com:5000/acme/web';

/** What is deployed to development at the start. */
export const FIRST_SET = {
  modules: { web: { profile: 'default', spec: { containers: { main: { image: `${IMAGE}:1.0` } } } } },
  shared: {},
};

/** Answers as the Platform Orchestrator API describes: https://developer.humanitec.com/platform-orchestrator/reference/api-references/ */
export async function createOrchestratorStandIn(options: OrchestratorOptions): Promise<OrchestratorStandIn> {
  const { now, org = 'acme', app = 'shop', takes = 30_000, shownAfter = 0, readyAfter = 0 } = options;
  const { runtime = 'modules', busyFor = 0, others = 0, troubles = [] } = options;
  const begin = now();
  const environments = new Map<string, Environment>();
  const given = options.environments ?? { development: 'development', production: 'production' };
  const early = begin - 86_400_000;
  for (const [id, type] of Object.entries(given)) environments.set(id, { id, name: id, type, at: early });
  const sets = new Map<string, Body>([['0', { modules: {}, shared: {} }]]);
  const first = named(FIRST_SET);
  sets.set(first, FIRST_SET);
  const deltas: Delta[] = [];
  const firstDelta: Delta = {
    id: 'delta-0',
    at: early,
    body: { metadata: { env_id: 'development' }, modules: { add: { api: { profile: 'default' } } } },
  };
  const earlier: Deployment[] = Array.from({ length: others + 1 }, (_, index) => ({
    ...{ id: `deploy-0${index}`, env: 'development', at: early + index, set: first, body: { comment: `No ${index}` } },
  }));
  const deployments: Deployment[] = [];
  const all = () => [...earlier, ...deployments];

  const shown = ({ at }: { readonly at: number }) => now() >= at + shownAfter || at < begin;
  const statusOf = ({ at, env }: Deployment) => {
    if (at < begin) return 'succeeded';
    if (now() >= at + takes && options.holds?.(env) !== true) return options.fails === true ? 'failed' : 'succeeded';
    return now() < at + 1_000 ? 'pending' : 'in progress';
  };
  const renderDeployment = (one: Deployment) => ({
    ...{ id: one.id, env_id: one.env, set_id: one.set, comment: '', ...one.body, from_id: '' },
    ...{ status: statusOf(one), created_at: time(one.at), created_by: 's-1', status_changed_at: time(one.at) },
    ...{ export_file: '', export_status: '' },
  });
  const lastOf = (env: string) => all().findLast(one => one.env === env);
  const renderEnvironment = (environment: Environment) => {
    const { id, name, type, at, from } = environment;
    const [last, source] = [lastOf(id), all().find(one => one.id === from)];
    return {
      ...{ id, name, type, created_at: time(at), created_by: 's-1' },
      ...(source === undefined ? {} : { from_deploy: renderDeployment(source) }),
      ...(last === undefined ? {} : { last_deploy: renderDeployment(last) }),
    };
  };
  const exists = (environment: Environment | undefined): environment is Environment =>
    environment !== undefined &&
    shown(environment) &&
    (environment.deletedAt === undefined || now() < environment.deletedAt + shownAfter);

  const deploy = (env: string, body: Body): Told => {
    const busy = now() < begin + busyFor || statusOfLast(env) !== '';
    if (busy) return problem(409, 'CONFLICT-001', 'A deployment is in progress in this environment.');
    const delta = [firstDelta, ...deltas].find(one => one.id === body.delta_id);
    if (body.delta_id !== undefined && delta === undefined) return problem(404, 'API-404', 'No such delta.');
    const set = delta === undefined ? String(body.set_id) : applied(currentSet(env), delta.body);
    if (!sets.has(set)) return problem(400, 'DEPLOY-000', `Set ${set} does not exist.`);
    const deployment = { id: `deploy-${deployments.length + 1}`, env, at: now(), set, body };
    deployments.push(deployment);
    return { status: 201, body: renderDeployment(deployment) };
  };
  const statusOfLast = (env: string) => {
    const last = lastOf(env);
    return last === undefined || ['succeeded', 'failed'].includes(statusOf(last)) ? '' : 'in progress';
  };
  const currentSet = (env: string) => lastOf(env)?.set ?? '0';
  const applied = (base: string, { modules, shared }: Body): string => {
    // What the API documents; a stand-in trusts its caller with the form.
    const before = sets.get(base) as { modules: Record<string, Json> };
    const changes = modules as { add?: Record<string, Json>; update?: Record<string, Json> };
    const set = { modules: { ...before.modules, ...changes.add }, updates: changes.update ?? {}, shared: shared ?? [] };
    const id = named(set);
    sets.set(id, set);
    return id;
  };

  const ofEnvironment = (asked: Asked, env: Environment, rest: string, origin: string): Told => {
    const { method } = asked;
    // as: what the action sends is an object
    const body = (asked.body ?? {}) as Body;
    if (rest === '' && method === 'GET') return { status: 200, body: renderEnvironment(env) };
    if (rest === '' && method === 'DELETE') {
      if (statusOfLast(env.id) !== '') return problem(409, 'CONFLICT-002', 'A deployment is in progress.');
      env.deletedAt = now();
      return { status: 204 };
    }
    if (rest === '/deploys' && method === 'POST') return deploy(env.id, body);
    if (rest === '/deploys') {
      const listed = all()
        .filter(one => one.env === env.id && shown(one))
        .reverse();
      const { entries, headers } = pageOf(listed, asked, origin);
      return { status: 200, body: entries.map(renderDeployment), headers };
    }
    if (rest === '/runtime') return { status: 200, body: runtimeOf(env.id) };
    const [, id, errors] = /^\/deploys\/([^/]+)(\/errors)?$/.exec(rest) ?? [];
    const deployment = all().find(one => one.id === id && one.env === env.id);
    if (deployment === undefined || !shown(deployment)) return problem(404, 'API-404', 'No such deployment.');
    if (errors === undefined) return { status: 200, body: renderDeployment(deployment) };
    const error = {
      code: 'RES-101',
      error_type: 'provisioning',
      message: 'quota exceeded',
      summary: 'Quota exceeded.',
    };
    return { status: 200, body: options.fails === true ? [{ ...error, scope: 'workload', object_id: 'web' }] : [] };
  };

  const runtimeOf = (env: string) => {
    if (runtime === 'empty') return { namespace: 'n', modules: {} };
    const last = lastOf(env);
    const ready =
      options.unready !== true && (last === undefined || last.at < begin || now() >= last.at + takes + readyAfter);
    const controller = {
      kind: 'Deployment',
      replicas: 1,
      revision: 1,
      pods: [],
      message: ready ? '' : 'ImagePullBackOff',
    };
    const web =
      runtime === 'controllers'
        ? { web: { ...controller, status: ready ? 'success' : 'failure' } }
        : {
            ...{ status: ready ? 'Running' : 'Starting', status_class: ready ? 'Success' : 'Warning' },
            controllers: { web: { ...controller, status: ready ? 'Running' : 'Starting' } },
          };
    return { namespace: 'n', modules: { web } };
  };

  const answer = (asked: Asked, origin: string): Told => {
    const { method, path, query, token } = asked;
    if (token !== ORCHESTRATOR_TOKEN) return problem(401, 'API-401', 'The token is not accepted.');
    if (path.startsWith(`/orgs/${org}/artefact-versions/known-`)) {
      return { status: 200, body: { modules: { api: { profile: 'default' } }, shared: { db: { type: 'postgres' } } } };
    }
    const root = `/orgs/${org}/apps/${app}`;
    if (!path.startsWith(`${root}/`)) return problem(404, 'API-404', 'No such app.');
    const rest = path.slice(root.length);
    // as: what the action sends is an object
    const body = (asked.body ?? {}) as Body;
    if (rest === '/deltas' && method === 'POST') {
      const delta = { id: `delta-${deltas.length + 1}`, at: now(), body };
      deltas.push(delta);
      return { status: 200, body: options.deltas === 'id' ? delta.id : { id: delta.id, ...body } };
    }
    if (rest === '/deltas') {
      const listed = deltas.filter(one => shown(one) && envOf(one) === query.get('env'));
      const { entries, headers } = pageOf(listed, asked, origin);
      return { status: 200, body: entries.map(one => ({ id: one.id, ...one.body })), headers };
    }
    if (rest === '/envs' && method === 'POST') {
      const [id, name, type] = [String(body.id), String(body.name), String(body.type)];
      if (environments.get(id)?.deletedAt === undefined && environments.has(id)) {
        return problem(409, 'API-409', `Environment ${id} already exists.`);
      }
      const from = body.from_deploy_id === undefined ? {} : { from: String(body.from_deploy_id) };
      environments.set(id, { id, name, type, at: now(), ...from });
      return { status: 201, body: { id, name, type } };
    }
    const [, kind, id = '', more = ''] = /^\/(envs|deltas|sets)\/([^/]+)(.*)$/.exec(rest) ?? [];
    if (kind === 'envs') {
      const environment = environments.get(id);
      if (!exists(environment)) return problem(404, 'API-404', `No environment ${id}.`);
      return ofEnvironment(asked, environment, more, origin);
    }
    if (kind === 'deltas') {
      const delta = [firstDelta, ...deltas].find(one => one.id === id);
      if (delta === undefined || !shown(delta)) return problem(404, 'API-404', 'No such delta.');
      return { status: 200, body: { id, ...delta.body } };
    }
    const set = sets.get(id);
    if (kind !== 'sets' || set === undefined) return problem(404, 'API-404', 'No such set.');
    return { status: 200, body: method === 'POST' ? applied(id, body) : { id, version: 0, ...set } };
  };

  const provider = await createProvider(answer, troubles);
  return { ...provider, deployments, deltas, environments, sets };
}

function envOf({ body }: Delta): Json {
  // as: the form of a delta
  return (body.metadata as Body | undefined)?.env_id ?? null;
}

/** A set is known by the hash of what is in it. */
function named(set: unknown): string {
  return createHash('sha256').update(JSON.stringify(set)).digest('hex').slice(0, 16);
}

const time = (at: number): string => new Date(at).toISOString();

function problem(status: number, error: string, message: string): Told {
  return { status, body: { error, message, details: {} } };
}
