import type { ActionContext, Answer, Json, JsonObject } from '../action.ts';
import { gitlabProvider } from './gitlab-api.ts';
import { ask, askAll, isMap, naming, textOf, texts } from './provider.ts';
import type { EndableRun, Progress, Started } from './remote-run.ts';
import { andThen, mapped, refused } from './reply.ts';

/** What the requests are about; facts of https://docs.gitlab.com/api/pipelines and https://docs.gitlab.com/api/pipeline_triggers. */
export type GitlabPipeline = {
  /** `https://gitlab.com/api/v4` */
  readonly base: string;
  /** Path (`acme/shop`) or number. */
  readonly project: string;
  readonly ref: string;
  /** Starts the pipeline instead of the access token. */
  readonly triggerToken?: string;
  /** Without one only a public project can be followed. */
  readonly accessToken?: string;
  readonly variables: JsonObject;
  readonly inputs: JsonObject;
  /** The variable that carries the sign by which the pipeline is found. */
  readonly uidVariable?: string;
};

/** Milliseconds that the clocks of a worker and of GitLab may differ. */
const SKEW = 10_000;

/** With a sign in it a pipeline cannot be taken for another, so it does not matter how far back is looked. */
const LONG_BEFORE = 600_000;

/** Pipelines whose variables are looked through for the sign. */
const MAX_OPENED = 10;

export function gitlabPipeline(context: ActionContext, pipeline: GitlabPipeline): EndableRun {
  const { base, project, ref, triggerToken, accessToken, inputs, uidVariable } = pipeline;
  const provider = gitlabProvider(base, accessToken);
  const place = `/projects/${encodeURIComponent(project)}`;
  const get = (path: string) => ask(context, provider, { method: 'GET', path });
  const list = (path: string) => askAll(context, provider, path, body => body);

  return {
    label: `gitlab-pipeline(${project})`,
    noun: 'pipeline',

    async start(uid) {
      if (accessToken === undefined) {
        const seen = await get(`${place}/pipelines?per_page=1`);
        if (seen.kind === 'refused' && seen.code !== 'ABORTED') return refused('CANNOT_FOLLOW', UNSEEN);
        // Nothing was started yet.
        if (seen.kind !== 'ok') return seen;
      }
      const variables = { ...pipeline.variables, ...(uidVariable === undefined ? {} : { [uidVariable]: uid }) };
      const given = Object.keys(inputs).length > 0 ? { inputs } : {};
      const [path, body]: [string, JsonObject] =
        triggerToken === undefined
          ? [`${place}/pipeline`, { ref, variables: pairs(variables), ...given }]
          : [`${place}/trigger/pipeline`, { token: triggerToken, ref, variables: texts(variables), ...given }];
      const starter = triggerToken === undefined ? provider : gitlabProvider(base, undefined);
      const reply = await ask(context, starter, { method: 'POST', path, body, unaborted: true });
      return mapped(reply, content => (isMap(content.body) ? startedOf(content.body) : { startedAt: context.now() }));
    },

    async find(uid, since) {
      const query = new URLSearchParams({
        ref: ref.replace(/^refs\/(?:heads|tags)\//, ''),
        source: triggerToken === undefined ? 'api' : 'trigger',
        created_after: new Date(since - (uidVariable === undefined ? SKEW : LONG_BEFORE)).toISOString(),
        per_page: '50',
      });
      // Whose trigger token it is cannot be asked.
      if (uidVariable === undefined && triggerToken === undefined) {
        const user = await get('/user');
        if (user.kind === 'ok') query.set('username', textOf(user.value.body, 'username'));
        else if (user.kind !== 'refused') return user;
      }
      const found = await list(`${place}/pipelines?${query}`);
      if (found.kind !== 'ok') return found;
      if (uidVariable === undefined) return mapped(found, entries => entries.map(startedOf));
      for (const entry of found.value.slice(0, MAX_OPENED)) {
        const variables = await list(`${place}/pipelines/${startedOf(entry).id}/variables`);
        if (variables.kind !== 'ok') return variables;
        const carries = variables.value.some(({ key, value }) => key === uidVariable && value === uid);
        if (carries) return { ...found, value: [startedOf(entry)] };
      }
      return { ...found, value: [] };
    },

    async look(started) {
      const reply = await get(`${place}/pipelines/${started.id}`);
      return andThen<{ body: Json }, Progress>(reply, async ({ body }) => {
        const status = textOf(body, 'status');
        if (!OVER.includes(status)) return { kind: 'ok', value: { over: false } };
        const jobs =
          status === 'failed'
            ? await list(`${place}/pipelines/${started.id}/jobs?scope[]=failed&per_page=50`)
            : undefined;
        const culprits = jobs?.kind === 'ok' ? jobs.value.flatMap(culprit) : [];
        return { kind: 'ok', value: { over: true, answer: ended(started, status, culprits) } };
      });
    },

    async end(started) {
      if (accessToken === undefined)
        return refused('CANNOT_FOLLOW', 'A trigger token cannot cancel; give `access_token`.');
      return ask(context, provider, { method: 'POST', path: `${place}/pipelines/${started.id}/cancel` });
    },
  };
}

const UNSEEN =
  'A trigger token can start a pipeline and not follow it, and the project is not public: give `access_token` too (scope `read_api`; `api` to be able to cancel). Nothing was started.';

/** A pipeline in any other status goes on, if only when somebody starts a manual job. */
const OVER: readonly string[] = ['success', 'failed', 'canceled', 'skipped'];

const CODES: Readonly<Record<string, string>> = {
  failed: 'PIPELINE_FAILED',
  canceled: 'PIPELINE_CANCELLED',
  skipped: 'PIPELINE_SKIPPED',
};

function ended({ id, url }: Started, status: string, culprits: readonly string[]): Answer {
  const outputs = { pipeline_id: id, status, url };
  if (status === 'success') return { status: 'succeeded', outputs };
  const message = `The pipeline ended with ${status}${naming(culprits)}. ${url}`;
  return { status: 'failed', code: CODES[status] ?? 'PIPELINE_FAILED', message, outputs };
}

function culprit(job: JsonObject): readonly string[] {
  if (job.allow_failure === true) return [];
  const reason = textOf(job, 'failure_reason');
  return [`job ${textOf(job, 'name')} of stage ${textOf(job, 'stage')}${reason === '' ? '' : ` (${reason})`}`];
}

function pairs(variables: JsonObject): readonly JsonObject[] {
  return Object.entries(texts(variables)).map(([key, value]) => ({ key, value }));
}

function startedOf(pipeline: JsonObject): Started {
  return { id: Number(pipeline.id), url: textOf(pipeline, 'web_url') };
}
