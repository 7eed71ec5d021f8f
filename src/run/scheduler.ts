import type { StatusView } from '../language/expressions/template.ts';
import type { Job } from '../language/pipeline.ts';
import { hasEnded, type PartStatus } from '../store/jobs.ts';

/** What the scheduler knows of a job. `continued`: it failed and the run goes on all the same. */
export type JobView = { readonly status: PartStatus; readonly continued: boolean };

/** A job that ends without having begun, and why. */
export type Settlement = {
  readonly job: Job;
  readonly status: 'skipped' | 'failed';
  readonly message: string;
  /** It failed and the run goes on all the same. */
  readonly continued?: true;
};

/** What a condition came to (`message`: why it is false, where it was not looked at); one that cannot be evaluated fails its job, `continued` or not. */
export type Verdict =
  | { readonly ok: true; readonly value: boolean; readonly message?: string }
  | { readonly ok: false; readonly message: string; readonly continued: boolean };

export type Schedule = {
  /** Jobs that may begin now, in the order of the definition. */
  readonly start: readonly Job[];
  /** Jobs that end without beginning, needs before dependants. */
  readonly settle: readonly Settlement[];
  /** Nothing is left: every job has ended once `settle` is applied. */
  readonly over: boolean;
};

/** Judges the `if` of a job whose needs are settled; `views` knows those that were settled a moment ago too. */
export type Judge = (job: Job, status: StatusView, views: ReadonlyMap<string, JobView>) => Verdict;

/**
 * What can happen next in a run: a pure function of the jobs' states, applied again after every change. A job that is
 * settled here settles its dependants in the same answer. `views` lacks jobs that are still pending.
 * The meaning is that of language.md, "Meaning"; status functions follow GitHub Actions (`failure()` looks at all ancestors).
 */
export function schedule(
  jobs: readonly Job[],
  views: ReadonlyMap<string, JobView>,
  cancelling: boolean,
  judge: Judge,
): Schedule {
  const known = new Map(views);
  const byId = new Map(jobs.map(job => [job.id, job]));
  const start: Job[] = [];
  const settle: Settlement[] = [];
  let pending = jobs.filter(job => (known.get(job.id)?.status ?? 'pending') === 'pending');
  for (;;) {
    const later: Job[] = [];
    let settled = false;
    for (const job of pending) {
      if (!job.needs.every(id => hasEnded(known.get(id)?.status ?? 'pending'))) {
        later.push(job);
        continue;
      }
      const verdict = judgeJob(job, known, byId, cancelling, judge);
      if (verdict === 'start') {
        start.push(job);
      } else {
        settle.push(verdict);
        known.set(job.id, { status: verdict.status, continued: verdict.continued === true });
        settled = true;
      }
    }
    pending = later;
    if (!settled) break;
  }
  const over = start.length === 0 && jobs.every(job => hasEnded(known.get(job.id)?.status ?? 'pending'));
  return { start, settle, over };
}

function judgeJob(
  job: Job,
  views: ReadonlyMap<string, JobView>,
  byId: ReadonlyMap<string, Job>,
  cancelling: boolean,
  judge: Judge,
): 'start' | Settlement {
  const obstacle = obstacleOf(job, views);
  if (cancelling && !job.if.cleansUp) return { job, status: 'skipped', message: 'Skipped: the run was cancelled.' };
  if (!job.if.namesStatus && obstacle !== undefined) return { job, status: 'skipped', message: obstacle };
  const status: StatusView = {
    success: obstacle === undefined && !cancelling,
    failure: job.if.namesStatus && anyAncestorFailed(job, views, byId, new Set()),
    cancelled: cancelling,
  };
  const verdict = judge(job, status, views);
  if (!verdict.ok) {
    const { message, continued } = verdict;
    return { job, status: 'failed', message, ...(continued ? { continued } : {}) };
  }
  if (verdict.value) return 'start';
  return { job, status: 'skipped', message: verdict.message ?? 'Skipped: its condition `if` is false.' };
}

/** Why `success()` is false for a job, in words. */
function obstacleOf(job: Job, views: ReadonlyMap<string, JobView>): string | undefined {
  for (const id of job.needs) {
    const view = views.get(id);
    if (view === undefined || view.status === 'succeeded' || (view.status === 'failed' && view.continued)) continue;
    const ended = view.status === 'failed' ? 'failed' : `was ${view.status}`;
    return `Skipped: it needs job '${id}', which ${ended}.`;
  }
  return undefined;
}

function anyAncestorFailed(
  job: Job,
  views: ReadonlyMap<string, JobView>,
  byId: ReadonlyMap<string, Job>,
  seen: Set<string>,
): boolean {
  return job.needs.some(id => {
    if (seen.has(id)) return false;
    seen.add(id);
    const view = views.get(id);
    if (view?.status === 'failed' && !view.continued) return true;
    const need = byId.get(id);
    return need !== undefined && anyAncestorFailed(need, views, byId, seen);
  });
}
