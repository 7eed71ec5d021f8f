import { type Answer, type Ask, allOf, type Client, isMap, messageOf, nextPage } from './client.ts';
import { inert, inertLine } from './inert.ts';
import { type RunPlace, runPath, runText } from './place.ts';

/** Seconds that the server may hold an answer back: jobs and logs of a run at work change while the run does not. */
const AT_WORK = 2;
const PARKED = 20;

type Fields = Readonly<Record<string, unknown>>;

export type Followed = { readonly run: Answer } | { readonly refused: string };

export type Following = {
  readonly client: Client;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly show: (line: string) => void;
  /** Ends the following; the run goes on. */
  readonly signal: AbortSignal;
};

/** Shows what happens in a run until it is over. */
export async function follow(place: RunPlace, { client, sleep, show, signal }: Following): Promise<Followed> {
  const path = runPath(place);
  const jobs = createJobs(path, client, show, { signal });
  const waits = new Map<string, string>();
  let etag: string | undefined;
  let isParked = false;
  for (;;) {
    const prefer = { prefer: `wait=${isParked ? PARKED : AT_WORK}` };
    const run = await client(path, { headers: etag === undefined ? {} : { 'if-none-match': etag, ...prefer }, signal });
    if (run.status !== 200 && run.status !== 304) return { refused: messageOf(run.body) ?? `status ${run.status}` };
    const isOver = isMap(run.body) && run.body.completed_at !== undefined;
    const refused = await jobs();
    if (refused !== undefined) return { refused };
    if (isOver) return { run };
    if (isMap(run.body)) {
      const waiting = isMap(run.body.waiting_for) ? run.body.waiting_for : {};
      isParked = Object.keys(waiting).length > 0;
      await showWaits(place, waiting, waits, { client, show, signal });
    }
    // Some proxy dropped the preference, so it answers at once.
    if (run.status === 304 && !run.headers.has('preference-applied')) await sleep(AT_WORK * 1_000, signal);
    etag = run.headers.get('etag') ?? undefined;
  }
}

/** Each thing that is waited for, once. */
async function showWaits(
  place: RunPlace,
  waiting: Fields,
  known: Map<string, string>,
  { client, show, signal }: Omit<Following, 'sleep'>,
): Promise<void> {
  for (const [job, reason] of Object.entries(waiting)) {
    const what = String(reason);
    if (known.get(job) === what) continue;
    known.set(job, what);
    if (job === 'run') {
      show(`the run waits in the queue of its group, at place ${inertLine(what)}`);
      continue;
    }
    show(`job ${inertLine(job)}: waits for ${inertLine(what)}`);
    const approval = /^approval\((.+)\)$/.exec(what)?.[1];
    if (approval === undefined) continue;
    const path = `${runPath(place)}/jobs/${encodeURIComponent(job)}/approvals/${encodeURIComponent(approval)}`;
    const { body } = await client(path, { signal });
    // Who may not see it is told by the server that it is not there; the commands say the same.
    if (isMap(body) && typeof body.message === 'string') show(`  ${inertLine(body.message)}`);
    show(`  decide: npm run --silent pipecall -- approve ${runText(place)}    (or deny)`);
  }
}

/** Answers a function that shows what is new in the jobs of a run, and answers why it cannot. */
function createJobs(path: string, client: Client, show: (line: string) => void, ask: Ask) {
  const etags = new Map<string, unknown>();
  const shown = new Map<string, string>();
  const logs = new Map<string, { search: string; lines: number }>();

  const say = (key: string, text: string, fields: Fields): void => {
    const status = String(fields.status);
    if (shown.get(key) === status) return;
    shown.set(key, status);
    const isTold = status !== 'succeeded' && typeof fields.status_message === 'string';
    const message = isTold ? String(fields.status_message) : '';
    show(`${text}: ${inertLine(status)}${message === '' ? '' : ` (${inertLine(message)})`}`);
  };

  const showLogs = async (job: string, step: unknown): Promise<void> => {
    const key = `${job} ${String(step)}`;
    const at = logs.get(key) ?? { search: '?per_page=100', lines: 0 };
    logs.set(key, at);
    for (;;) {
      const logsPath = `${path}/jobs/${encodeURIComponent(job)}/steps/${String(step)}/logs`;
      const page = await client(`${logsPath}${at.search}`, ask);
      // The step says how it ended; a log that is gone takes nothing from that.
      if (page.status !== 200 || !Array.isArray(page.body)) return;
      for (const line of page.body.slice(at.lines)) showLine(job, line, show);
      at.lines = page.body.length;
      const next = nextPage(page);
      if (next === undefined) return;
      at.search = next;
      at.lines = 0;
    }
  };

  const showJob = async (id: string): Promise<string | undefined> => {
    const { status, body } = await client(`${path}/jobs/${encodeURIComponent(id)}`, ask);
    if (status !== 200 || !isMap(body)) return messageOf(body) ?? `status ${status}`;
    if (body.status === 'executing') say(id, `job ${inertLine(id)}`, body);
    for (const step of Array.isArray(body.steps) ? body.steps.filter(isMap) : []) {
      const text = `job ${inertLine(id)}, step ${inertLine(String(step.name))}`;
      const key = `${id} ${String(step.index)}`;
      // What has ended, and was shown to the end, changes no more.
      if (shown.get(key) === String(step.status) && step.status !== 'executing') continue;
      if (step.status === 'executing') say(key, text, step);
      await showLogs(id, step.index);
      say(key, text, step);
    }
    say(id, `job ${inertLine(id)}`, body);
    return undefined;
  };

  return async (): Promise<string | undefined> => {
    const list = await allOf(client, `${path}/jobs`, {}, ask);
    if ('status' in list) return messageOf(list.body) ?? `status ${list.status}`;
    for (const job of list.filter(isMap)) {
      const id = String(job.id);
      // Logs may be longer although the job is as it was.
      if (job.status === 'pending' || (job.status !== 'executing' && etags.get(id) === job.etag)) continue;
      const refused = await showJob(id);
      if (refused !== undefined) return refused;
      etags.set(id, job.etag);
    }
    return undefined;
  };
}

/** Every line of it begins with the job, so that a log cannot look like a line of ours. */
function showLine(job: string, line: unknown, show: (line: string) => void): void {
  if (!isMap(line)) return;
  const level = line.level === 'warning' || line.level === 'error' ? `${line.level}: ` : '';
  for (const text of inert(String(line.message)).split('\n')) show(`${inertLine(job)} | ${level}${text}`);
}
