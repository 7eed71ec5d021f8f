import {
  type Asked,
  createProvider,
  type ProviderStandIn,
  pageOf,
  type Told,
  type Trouble,
} from './stand-in-provider.ts';

export type GithubOptions = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What a dispatch answers: the run (since 2026), nothing (before), or that it does not know the option (strict servers). */
  readonly details?: 'given' | 'absent' | 'refused';
  /** Milliseconds until a run is listed, and until it can be read. */
  readonly listedAfter?: number;
  readonly readableAfter?: number;
  /** Milliseconds that a run takes, and how it ends. */
  readonly takes?: number;
  readonly conclusion?: string;
  readonly jobs?: readonly Job[];
  /** Where the workflow shows the input `uid`. */
  readonly shows?: 'run-name' | 'step' | 'nowhere';
  /** Runs that others have dispatched: who, and milliseconds since the start. */
  readonly others?: readonly {
    readonly actor: string;
    readonly at: number;
    readonly title?: string;
    readonly branch?: string;
  }[];
  /** The token is one of an app, which is no user. */
  readonly app?: boolean;
  readonly troubles?: readonly Trouble[];
};

export type Job = {
  readonly name: string;
  readonly conclusion: string;
  readonly steps?: readonly { readonly name: string; readonly conclusion: string }[];
};

type Run = {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly title: string;
  readonly branch: string;
  readonly inputs: Readonly<Record<string, string>>;
  cancelled: boolean;
};

export type Github = ProviderStandIn & { readonly runs: readonly Run[]; readonly cancelled: () => readonly number[] };

export const TOKEN = 'ghp_0123456789secret';

const HOUR = 3_600_000;

/** Answers as https://docs.github.com/en/rest/actions describes, for the repository `acme/shop` and its `deploy.yml`. */
export async function createGithub(options: GithubOptions): Promise<Github> {
  const { now, details = 'given', takes = 60_000, listedAfter = 0, readableAfter = 0 } = options;
  const { conclusion = 'success', jobs = [], shows = 'nowhere', others = [] } = options;
  const begin = now();
  const runs: Run[] = others.map(({ actor, at, title = 'Deploy', branch = 'main' }, index) => ({
    ...{ id: 900 + index, at: begin + at, actor, title, branch, inputs: {}, cancelled: false },
  }));

  const render = (run: Run, origin: string) => {
    const over = run.cancelled || now() >= run.at + takes;
    const status = over ? 'completed' : now() < run.at + 2_000 ? 'queued' : 'in_progress';
    return {
      id: run.id,
      name: 'Deploy',
      display_title: run.title,
      head_branch: run.branch,
      event: 'workflow_dispatch',
      status,
      conclusion: over ? (run.cancelled ? 'cancelled' : conclusion) : null,
      html_url: `${origin}/acme/shop/actions/runs/${run.id}`,
      created_at: new Date(run.at).toISOString().replace(/\.\d+/, ''),
      actor: { login: run.actor },
    };
  };

  const dispatch = (body: Record<string, unknown>, origin: string): Told => {
    if (details === 'refused' && 'return_run_details' in body) {
      return problem(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
    }
    if (body.ref !== 'main' && body.ref !== 'refs/heads/main') return problem(422, `No ref found for: ${body.ref}`);
    // What the workflow declares is a fact of the test's world.
    const inputs = (body.inputs ?? {}) as Record<string, string>;
    const unknown = Object.keys(inputs).filter(name => !['env', 'uid', 'count'].includes(name));
    if (unknown.length > 0) return problem(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
    const id = 1_000 + runs.length;
    const title = shows === 'run-name' ? `Deploy (${inputs.uid})` : 'Deploy';
    runs.push({ id, at: now(), actor: 'octocat', title, branch: 'main', inputs, cancelled: false });
    if (details !== 'given' || body.return_run_details !== true) return { status: 204 };
    const url = `${origin}/repos/acme/shop/actions/runs/${id}`;
    return {
      status: 200,
      body: { workflow_run_id: id, run_url: url, html_url: `${origin}/acme/shop/actions/runs/${id}` },
    };
  };

  const answer = (asked: Asked, origin: string): Told => {
    const { method, path, query, token, body } = asked;
    if (token !== TOKEN) return problem(401, 'Bad credentials');
    if (path === '/user') {
      return options.app === true
        ? problem(403, 'Resource not accessible by integration')
        : { status: 200, body: { login: 'octocat' } };
    }
    const rest = path.startsWith('/repos/acme/shop/actions') ? path.slice('/repos/acme/shop/actions'.length) : '';
    if (method === 'POST' && rest === '/workflows/push.yml/dispatches') {
      return problem(422, "Workflow does not have 'workflow_dispatch' trigger");
    }
    if (method === 'POST' && rest === '/workflows/deploy.yml/dispatches') {
      return dispatch(body as Record<string, unknown>, origin);
    }
    if (method === 'GET' && rest === '/workflows/deploy.yml/runs') {
      const since = Date.parse(query.get('created')?.replace('>=', '') ?? '');
      const actor = query.get('actor');
      const listed = runs
        .filter(run => now() >= run.at + listedAfter && run.at >= since && (actor === null || actor === run.actor))
        .sort((a, b) => b.at - a.at);
      const { entries, headers } = pageOf(listed, asked, origin);
      const page = entries.map(run => render(run, origin));
      return { status: 200, body: { total_count: listed.length, workflow_runs: page }, headers };
    }
    const [, id, what] = /^\/runs\/(\d+)(\/jobs|\/cancel)?$/.exec(rest) ?? [];
    const run = runs.find(candidate => candidate.id === Number(id));
    if (run === undefined || now() < run.at + readableAfter) return problem(404, 'Not Found');
    if (what === '/cancel') {
      if (render(run, origin).status === 'completed') {
        return problem(409, 'Cannot cancel a workflow run that is completed.');
      }
      run.cancelled = true;
      return { status: 202, body: {} };
    }
    if (what !== '/jobs') return { status: 200, body: render(run, origin) };
    const sign = shows === 'step' ? [{ name: `request ${run.inputs.uid}`, conclusion: 'success' }] : [];
    const all = [...jobs, { name: 'identify', conclusion: 'success', steps: sign }];
    const { entries, headers } = pageOf(all, asked, origin);
    return { status: 200, body: { total_count: all.length, jobs: entries }, headers };
  };

  const budget = () => ({
    date: new Date(now()).toUTCString(),
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.floor((begin + HOUR) / 1_000)),
  });
  const provider = await createProvider((asked, origin) => {
    const told = answer(asked, origin);
    return { ...told, headers: { ...budget(), ...told.headers } };
  }, options.troubles ?? []);
  const cancelled = () => runs.filter(run => run.cancelled).map(run => run.id);
  return { ...provider, runs, cancelled };
}

function problem(status: number, message: string): Told {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } };
}
