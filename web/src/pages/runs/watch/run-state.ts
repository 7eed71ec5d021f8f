import type { ApiError } from '../../../api/client.ts';
import type { PipelineJob, PipelineJobPartial, PipelineRun, PipelineStep } from '../../../api/types.ts';
import type { StepLog } from './log-pages.ts';

/** What is known of a run. Instead of being changed it is replaced. */
export type RunState = {
  readonly run: PipelineRun | undefined;
  readonly jobs: readonly PipelineJobPartial[] | undefined;
  /** By job id, with the etag that its row in `jobs` had. */
  readonly details: ReadonlyMap<string, JobDetail>;
  /** By `logKey`. */
  readonly logs: ReadonlyMap<string, StepLog>;
  /** Of a run that waits for others of its group: the one that is right before it. */
  readonly ahead: { readonly place: string; readonly run: PipelineRun | undefined } | undefined;
  /** The jobs were read after the run was over: they do not change any more. */
  readonly settled: boolean;
  /** Why the run itself could not be read the last time. What was read before stays. */
  readonly error: ApiError | undefined;
  /** Why something else of it could not be, by `readKey`, until it can. */
  readonly failed: ReadonlyMap<string, ApiError>;
};

export type JobDetail = { readonly etag: string; readonly job: PipelineJob };

export const NOTHING: RunState = {
  run: undefined,
  jobs: undefined,
  details: new Map(),
  logs: new Map(),
  ahead: undefined,
  settled: false,
  error: undefined,
  failed: new Map(),
};

/** What somebody chose to look at; absent: what matters most just now is shown. */
export type Chosen = { readonly job?: string | undefined; readonly step?: number | undefined };

/** A step whose log is to be shown. No step: which one is not known yet, or the job has none that began. */
export type Focus = { readonly job: PipelineJobPartial; readonly step: PipelineStep | undefined };

/** `readKey('jobs')`, `readKey('job', 'build')`, `readKey('log', 'build', 0)` */
export const readKey = (what: 'jobs' | 'ahead' | 'job' | 'log', ...of: readonly (string | number)[]): string =>
  [what, ...of].join('/');

export const logKey = (job: string, step: number): string => `${job}/${step}`;

export const isOver = (part: { readonly completed_at?: string }): boolean => part.completed_at !== undefined;

/** What is looked at: the chosen job, else the one that failed first, else one that is at work, else the first. */
export function focusOf(state: RunState, chosen: Chosen): Focus | undefined {
  const { jobs = [], details } = state;
  const job =
    chosen.job === undefined
      ? (firstFailed(jobs) ?? jobs.find(({ status }) => status === 'executing') ?? lastOver(jobs) ?? jobs[0])
      : jobs.find(({ id }) => id === chosen.job);
  if (job === undefined) return undefined;
  const steps = details.get(job.id)?.job.steps ?? [];
  const step =
    chosen.step === undefined
      ? (steps.find(({ status }) => status === 'failed') ??
        steps.find(({ status }) => status === 'executing') ??
        steps.findLast(({ status }) => status !== 'skipped') ??
        steps[0])
      : steps.find(({ index }) => index === chosen.step);
  return { job, step };
}

/**
 * Whether all is there that one sees first: of the job in view also its steps, and of the step whose log is open the log. For
 * what could not be read nobody waits.
 */
export function isWhole(state: RunState, chosen: Chosen): boolean {
  const { run, jobs, ahead, details, logs, failed } = state;
  if (run === undefined) return false;
  if (jobs === undefined) return failed.has(readKey('jobs'));
  const waits = run.status === 'queued' && run.waiting_for.run !== undefined;
  if (waits && ahead === undefined && !failed.has(readKey('ahead'))) return false;
  return [focusOf(state, chosen), failureOf(state)].every(focus => {
    if (focus === undefined || focus.job.status === 'pending') return true;
    if (!details.has(focus.job.id)) return failed.has(readKey('job', focus.job.id));
    if (focus.step === undefined || failed.has(readKey('log', focus.job.id, focus.step.index))) return true;
    const log = logs.get(logKey(focus.job.id, focus.step.index));
    return log !== undefined && (log.next === undefined || log.pages.length >= log.wanted);
  });
}

/** Where the run went wrong first, if it did. */
export function failureOf(state: RunState): Focus | undefined {
  const job = firstFailed(state.jobs ?? []);
  if (job === undefined) return undefined;
  const steps = state.details.get(job.id)?.job.steps ?? [];
  return { job, step: steps.find(wentWrong) };
}

/** What failed under `continue-on-error` did not make anything else fail. */
const wentWrong = ({ status, continued }: PipelineJobPartial | PipelineStep): boolean =>
  status === 'failed' && continued !== true;

function firstFailed(jobs: readonly PipelineJobPartial[]): PipelineJobPartial | undefined {
  const failed = jobs.filter(wentWrong);
  return failed.sort((a, b) => (a.completed_at ?? '').localeCompare(b.completed_at ?? ''))[0];
}

/** Between two jobs, and at the end, the one that was at work last stays in view; of those of one moment the later one. */
function lastOver(jobs: readonly PipelineJobPartial[]): PipelineJobPartial | undefined {
  let last: PipelineJobPartial | undefined;
  for (const job of jobs) {
    if (job.status === 'skipped' || !isOver(job)) continue;
    if ((job.completed_at ?? '') >= (last?.completed_at ?? '')) last = job;
  }
  return last;
}
