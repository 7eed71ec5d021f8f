import {
  type Asked,
  createProvider,
  type ProviderStandIn,
  pageOf,
  type Told,
  type Trouble,
} from './stand-in-provider.ts';

export type GitlabOptions = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether anyone may see its pipelines. */
  readonly isPublic?: boolean;
  /** Milliseconds until a pipeline is listed. */
  readonly listedAfter?: number;
  /** Milliseconds that a pipeline takes, and how it ends. */
  readonly takes?: number;
  readonly ends?: string;
  readonly jobs?: readonly GitlabJob[];
  /** Pipelines that others have started: who, how, and milliseconds since the start. */
  readonly others?: readonly { readonly user: string; readonly source: string; readonly at: number }[];
  readonly troubles?: readonly Trouble[];
};

export type GitlabJob = {
  readonly name: string;
  readonly stage: string;
  readonly status: string;
  readonly failure_reason?: string;
  readonly allow_failure?: boolean;
};

type Pair = { readonly key: string; readonly value: unknown };

type Pipeline = {
  readonly id: number;
  readonly at: number;
  readonly user: string;
  readonly source: string;
  readonly variables: readonly Pair[];
  readonly inputs: unknown;
  cancelled: boolean;
};

export type Gitlab = ProviderStandIn & {
  readonly pipelines: readonly Pipeline[];
  readonly cancelled: () => readonly number[];
};

export const ACCESS_TOKEN = 'glpat-0123456789secret';
export const TRIGGER_TOKEN = 'glptt-0123456789secret';

const PROJECT = '/projects/acme%2Fshop';

/** Answers as https://docs.gitlab.com/api/pipelines describes, for the project `acme/shop`. */
export async function createGitlab(options: GitlabOptions): Promise<Gitlab> {
  const { now, takes = 60_000, ends = 'success', listedAfter = 0, isPublic = false, jobs = [], others = [] } = options;
  const begin = now();
  const pipelines: Pipeline[] = others.map(({ user, source, at }, index) => {
    return { id: 40 + index, at: begin + at, user, source, variables: [], inputs: {}, cancelled: false };
  });

  const render = (pipeline: Pipeline, origin: string) => {
    const over = pipeline.cancelled || now() >= pipeline.at + takes;
    const status = over
      ? pipeline.cancelled
        ? 'canceled'
        : ends
      : now() < pipeline.at + 2_000
        ? 'created'
        : 'running';
    const web_url = `${origin}/acme/shop/-/pipelines/${pipeline.id}`;
    return { id: pipeline.id, project_id: 7, status, source: pipeline.source, ref: 'main', web_url };
  };

  const start = (
    user: string,
    source: string,
    ref: unknown,
    variables: readonly Pair[],
    inputs: unknown,
    origin: string,
  ): Told => {
    if (ref !== 'main') return { status: 400, body: { message: { base: ['Reference not found'] } } };
    if (variables.some(({ key }) => key === 'FORBIDDEN')) {
      return { status: 400, body: { message: { base: ['Insufficient permissions to set pipeline variables'] } } };
    }
    const pipeline = { id: 100 + pipelines.length, at: now(), user, source, variables, inputs, cancelled: false };
    pipelines.push(pipeline);
    return { status: 201, body: render(pipeline, origin) };
  };

  const answer = (asked: Asked, origin: string): Told => {
    const { method, path, query, token } = asked;
    // What the action sends is a fact that the tests check.
    const body = (asked.body ?? {}) as Record<string, unknown>;
    const known = token === ACCESS_TOKEN;
    if (token !== undefined && !known) return { status: 401, body: { message: '401 Unauthorized' } };
    if (path === '/user')
      return known
        ? { status: 200, body: { username: 'root' } }
        : { status: 401, body: { message: '401 Unauthorized' } };
    const rest = path.startsWith(PROJECT) ? path.slice(PROJECT.length) : undefined;
    if (rest === undefined) return { status: 404, body: { message: '404 Project Not Found' } };
    if (method === 'POST' && rest === '/trigger/pipeline') {
      if (body.token !== TRIGGER_TOKEN) return { status: 404, body: { message: '404 Not Found' } };
      const variables = Object.entries(body.variables ?? {}).map(([key, value]) => ({ key, value }));
      if (variables.some(({ value }) => typeof value !== 'string')) {
        return { status: 400, body: { message: 'variables needs to be a map of key-valued strings' } };
      }
      return start('trigger-owner', 'trigger', body.ref, variables, body.inputs, origin);
    }
    if (!known && !isPublic) return { status: 404, body: { message: '404 Project Not Found' } };
    if (method === 'POST' && !known) return { status: 401, body: { message: '401 Unauthorized' } };
    if (method === 'POST' && rest === '/pipeline') {
      return start('root', 'api', body.ref, (body.variables ?? []) as readonly Pair[], body.inputs, origin);
    }
    if (method === 'GET' && rest === '/pipelines') {
      const user = query.get('username');
      const source = query.get('source');
      const since = Date.parse(query.get('created_after') ?? '1970-01-01T00:00:00Z');
      const listed = pipelines
        .filter(({ at }) => now() >= at + listedAfter && at >= since)
        .filter(entry => (user === null || user === entry.user) && (source === null || source === entry.source))
        .sort((a, b) => b.id - a.id);
      const { entries, headers } = pageOf(listed, asked, origin);
      return { status: 200, body: entries.map(entry => render(entry, origin)), headers };
    }
    const [, id, what] = /^\/pipelines\/(\d+)(\/jobs|\/cancel|\/variables)?$/.exec(rest) ?? [];
    const pipeline = pipelines.find(candidate => candidate.id === Number(id));
    if (pipeline === undefined) return { status: 404, body: { message: '404 Pipeline Not Found' } };
    if (what === '/cancel') {
      // A pipeline that is over is answered as it is.
      if (now() < pipeline.at + takes) pipeline.cancelled = true;
      return { status: 200, body: render(pipeline, origin) };
    }
    if (what === '/variables') return { status: 200, body: pipeline.variables };
    if (what !== '/jobs') return { status: 200, body: render(pipeline, origin) };
    const scope = query.getAll('scope[]');
    const { entries, headers } = pageOf(
      jobs.filter(job => scope.length === 0 || scope.includes(job.status)),
      asked,
      origin,
    );
    return { status: 200, body: entries, headers };
  };

  const provider = await createProvider((asked, origin) => {
    const told = answer(asked, origin);
    const reset = String(Math.floor(now() / 1_000) + 60);
    return {
      ...told,
      headers: { 'ratelimit-limit': '2000', 'ratelimit-remaining': '1999', 'ratelimit-reset': reset, ...told.headers },
    };
  }, options.troubles ?? []);
  const cancelled = () => pipelines.filter(pipeline => pipeline.cancelled).map(pipeline => pipeline.id);
  return { ...provider, pipelines, cancelled };
}
