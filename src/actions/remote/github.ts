import type { ActionContext, Answer, Json, JsonObject } from '../action.ts';
import { githubProvider } from './github-api.ts';
import { ask, askAll, isMap, naming, textOf, texts } from './provider.ts';
import type { EndableRun, Progress, Started } from './remote-run.ts';
import { andThen, mapped } from './reply.ts';

/** What the requests are about; facts of https://docs.github.com/en/rest/actions. */
export type GithubWorkflow = {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly base: string;
  readonly token: string;
  /** `acme/shop` */
  readonly repo: string;
  /** File name or number. */
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: JsonObject;
  /** The input of the workflow that carries the sign by which its run is found. */
  readonly uidInput?: string;
};

/** Milliseconds that the clocks of a worker and of GitHub may differ. */
const SKEW = 10_000;

/** With a sign in it a run cannot be taken for another, so it does not matter how far back is looked. */
const LONG_BEFORE = 600_000;

/** Runs whose jobs are looked through for the sign. */
const MAX_OPENED = 10;

export function githubWorkflow(context: ActionContext, workflow: GithubWorkflow): EndableRun {
  const { base, repo, ref, token, uidInput } = workflow;
  const provider = githubProvider(base, token);
  const place = `/repos/${repo}/actions`;
  const named = `${place}/workflows/${encodeURIComponent(workflow.workflow)}`;
  const get = (path: string) => ask(context, provider, { method: 'GET', path });
  const jobsOf = (id: Started['id']) =>
    askAll(context, provider, `${place}/runs/${id}/jobs?per_page=50`, body => (isMap(body) ? body.jobs : undefined));

  const dispatch = async (uid: string, details: boolean) => {
    const inputs = { ...texts(workflow.inputs), ...(uidInput === undefined ? {} : { [uidInput]: uid }) };
    const body = { ref, inputs, ...(details ? { return_run_details: true } : {}) };
    const reply = await ask(context, provider, { method: 'POST', path: `${named}/dispatches`, body, unaborted: true });
    return mapped(reply, ({ body, headers }) => {
      const id = isMap(body) ? body.workflow_run_id : undefined;
      if (typeof id === 'number') return { id, url: textOf(body, 'html_url') };
      const date = Date.parse(headers.date ?? '');
      return { startedAt: Number.isNaN(date) ? context.now() : date };
    });
  };

  return {
    label: `github-workflow(${repo}/${workflow.workflow})`,
    noun: 'workflow run',

    async start(uid) {
      const reply = await dispatch(uid, true);
      // A server from before the option refuses it, and has done nothing.
      const unknown = reply.kind === 'refused' && reply.message.includes('return_run_details');
      return unknown ? dispatch(uid, false) : reply;
    },

    async find(uid, since) {
      const created = new Date(since - (uidInput === undefined ? SKEW : LONG_BEFORE))
        .toISOString()
        .replace(/\.\d+/, '');
      const query = new URLSearchParams({ event: 'workflow_dispatch', created: `>=${created}`, per_page: '50' });
      if (uidInput === undefined) {
        const login = await get('/user');
        // A token of an app is nobody's; then the time has to do.
        if (login.kind === 'ok') query.set('actor', textOf(login.value.body, 'login'));
        else if (login.kind !== 'refused') return login;
      }
      const list = `${named}/runs?${query}`;
      const runs = await askAll(context, provider, list, body => (isMap(body) ? body.workflow_runs : undefined));
      if (runs.kind !== 'ok') return runs;
      const branch = ref.replace(/^refs\/(?:heads|tags)\//, '');
      const candidates = runs.value.filter(run => run.head_branch === branch);
      if (uidInput === undefined) return { ...runs, value: candidates.map(startedOf) };
      const titled = candidates.filter(run => [run.display_title, run.name].some(title => mentions(title, uid)));
      if (titled.length > 0) return { ...runs, value: titled.map(startedOf) };
      for (const run of candidates.slice(0, MAX_OPENED)) {
        const jobs = await jobsOf(startedOf(run).id);
        if (jobs.kind === 'later' || jobs.kind === 'unclear') return jobs;
        if (jobs.kind === 'ok' && jobs.value.some(job => namesOf(job).some(name => mentions(name, uid)))) {
          return { ...runs, value: [startedOf(run)] };
        }
      }
      return { ...runs, value: [] };
    },

    async look(started) {
      const reply = await get(`${place}/runs/${started.id}`);
      return andThen<{ body: Json }, Progress>(reply, async ({ body }) => {
        if (!isMap(body) || body.status !== 'completed') return { kind: 'ok', value: { over: false } };
        const conclusion = textOf(body, 'conclusion');
        const jobs = GOOD.includes(conclusion) ? undefined : await jobsOf(started.id);
        const culprits = jobs?.kind === 'ok' ? jobs.value.flatMap(culprit) : [];
        return { kind: 'ok', value: { over: true, answer: ended(started, conclusion, culprits) } };
      });
    },

    async end(started) {
      const reply = await ask(context, provider, { method: 'POST', path: `${place}/runs/${started.id}/cancel` });
      // 409: it is over.
      const over = reply.kind === 'refused' && reply.code === 'CONFLICT';
      return over ? { kind: 'ok', value: undefined } : reply;
    },
  };
}

/** These count as success where GitHub asks for it: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks */
const GOOD: readonly string[] = ['success', 'neutral', 'skipped'];

const CODES: Readonly<Record<string, string>> = {
  cancelled: 'WORKFLOW_CANCELLED',
  timed_out: 'WORKFLOW_TIMED_OUT',
};

function ended({ id, url }: Started, conclusion: string, culprits: readonly string[]): Answer {
  const outputs = { run_id: id, conclusion, url };
  if (GOOD.includes(conclusion)) return { status: 'succeeded', outputs };
  const message = `The workflow run ended with ${conclusion}${naming(culprits)}. ${url}`;
  return { status: 'failed', code: CODES[conclusion] ?? 'WORKFLOW_FAILED', message, outputs };
}

const BAD: readonly Json[] = ['failure', 'timed_out', 'startup_failure', 'action_required'];

/** A job that failed, with the step that did. */
function culprit(job: JsonObject): readonly string[] {
  if (!BAD.includes(job.conclusion ?? null)) return [];
  const step = stepsOf(job).find(step => BAD.includes(step.conclusion ?? null));
  return [`job ${textOf(job, 'name')}${step === undefined ? '' : `, step ${textOf(step, 'name')}`}`];
}

function stepsOf(job: JsonObject): readonly JsonObject[] {
  return Array.isArray(job.steps) ? job.steps.filter(isMap) : [];
}

function namesOf(job: JsonObject): readonly (Json | undefined)[] {
  return [job.name, ...stepsOf(job).map(step => step.name)];
}

/** Whether a name holds the sign, and not another one that begins or ends with it. */
export function mentions(name: Json | undefined, uid: string): boolean {
  if (typeof name !== 'string') return false;
  for (let at = name.indexOf(uid); at >= 0; at = name.indexOf(uid, at + 1)) {
    const around = [name[at - 1] ?? ' ', name[at + uid.length] ?? ' '];
    if (!around.some(character => /[\w/-]/.test(character))) return true;
  }
  return false;
}

function startedOf(run: JsonObject): Started {
  return { id: Number(run.id), url: textOf(run, 'html_url') };
}
