import type { StepRecord, StoredJob } from '../../../src/store/jobs.ts';
import type { RunRecord } from '../../../src/store/runs.ts';
import { type ConditionName, type Judged, judge, type View } from './conditions.ts';
import { BACKOFF, CONTINUES, isProbed, type JobPlan, type Plan, type StepPlan, stepKey } from './plan.ts';
import type { Told } from './world.ts';

/**
 * What the records of a run may look like at its end, by language.md: each job is explained by the ends of its needs, each
 * step by those before it. Where the definition leaves nothing open, that is one answer. Only where a cancellation was on
 * its way (a worker looks every two seconds) both answers are right.
 */
export function explain(plan: Plan, told: Told): string[] {
  const { run } = told;
  const problems: string[] = [];
  const times = timesOf(plan, run, told.slow);
  if (run.completedAt === undefined) return [`the run is ${run.status}`];
  for (const [index, job] of plan.jobs.entries()) {
    const record = told.jobs.get(index);
    if (record === undefined) problems.push(`job ${index} has no record`);
    else problems.push(...explainJob(plan, job, index, record, told, times).map(text => `job ${index}: ${text}`));
  }
  const records = plan.jobs.map((_, index) => told.jobs.get(index));
  const failed = records.some(record => record?.status === 'failed' && record.continued !== true);
  const ends = times
    .cancelledAt(run.completedAt)
    .map(cancelled => (cancelled ? 'cancelled' : failed ? 'failed' : 'succeeded'));
  if (!ends.some(end => end === run.status)) problems.push(`the run ${run.status}; right: ${ends.join(' or ')}`);
  for (const [key, status] of told.approvals) if (status === 'waiting') problems.push(`approval ${key} still waits`);
  if (run.message === '') problems.push('the run does not say why');
  if (Object.keys(run.waitingFor).length > 0) problems.push('the run is over and waits');
  return problems;
}

/** What stands still though it could go on, when a worker parks. `letGo`: the worker must have heard that a step may go on. */
export function leftWaiting(
  plan: Plan,
  run: RunRecord,
  jobs: ReadonlyMap<number, StoredJob>,
  letGo: (key: string) => boolean,
  /** How long the worker asks to be left alone; absent: calls of the table took long, so nothing can be said of times. */
  parked: { readonly now: number; readonly seconds: number } | undefined,
): string[] {
  const problems: string[] = [];
  const times = timesOf(plan, run, false);
  const since = times.cancelled ?? times.deadline;
  const wakeTimes = [times.cancelled === undefined && (parked?.now ?? 0) < since ? since : since + CLEANUP];
  for (const [index, job] of plan.jobs.entries()) {
    const record = jobs.get(index);
    if (record === undefined) {
      if (job.needs.every(need => jobs.get(need)?.completedAt !== undefined)) problems.push(`job ${index} could begin`);
      continue;
    }
    if (record.completedAt !== undefined) continue;
    wakeTimes.push(jobDeadline(job, record) ?? Infinity);
    const place = record.steps.findIndex(step => step?.wait !== undefined && step.completedAt === undefined);
    const wait = record.steps[place]?.wait;
    if (wait === undefined) problems.push(`job ${index} is at work`);
    else if (parked !== undefined && wait.until <= parked.now)
      problems.push(`job ${index} waits for a time that has come`);
    else if (letGo(stepKey(index, place))) problems.push(`job ${index} waits for a signal that came`);
    wakeTimes.push(wait?.until ?? Infinity);
  }
  if (parked !== undefined && parked.now + parked.seconds * 1_000 > Math.min(...wakeTimes) + 1_000) {
    problems.push(`it parks for ${parked.seconds} s, too long`);
  }
  return problems.map(text => `parked: ${text}`);
}

/** Milliseconds. */
const CLEANUP = 300_000;
const LOOK = 2_000;
const GRACE = 5_000;

type Times = {
  readonly deadline: number;
  readonly cancelled: number | undefined;
  /** Whether the run counts as cancelled to who judges at a time: what is possible. */
  cancelledAt(time: number): readonly boolean[];
  /** The same of the end of the time for clean-up. */
  finalAt(time: number): readonly boolean[];
};

function timesOf(plan: Plan, run: RunRecord, slow: boolean): Times {
  const deadline = (run.executingAt ?? run.createdAt) + plan.timeout * 1_000;
  const requested = run.cancellationRequestedAt ?? Infinity;
  const cleanup = (run.cleanupSince ?? Infinity) + CLEANUP;
  const first = Math.min(requested, deadline);
  // Seen at the next look, by a worker that is alive; who begins later knows at once.
  const known = Math.min(slow ? Infinity : requested + LOOK, deadline);
  const between = (time: number, from: number, to: number): readonly boolean[] =>
    time < from ? [false] : time > to ? [true] : [true, false];
  return {
    deadline,
    cancelled: requested === Infinity ? undefined : requested,
    cancelledAt: time => between(time, first, known),
    // However late the first worker comes that sees it.
    finalAt: time => between(time, cleanup, cleanup),
  };
}

const jobDeadline = (job: JobPlan, record: StoredJob): number | undefined =>
  job.timeout === undefined ? undefined : record.createdAt + job.timeout * 60_000;

function explainJob(plan: Plan, job: JobPlan, index: number, record: StoredJob, told: Told, times: Times): string[] {
  const needs = job.needs.map(need => told.jobs.get(need));
  const settledAt = Math.max(told.run.executingAt ?? 0, ...needs.map(need => need?.completedAt ?? Infinity));
  const problems: string[] = [];
  if (record.createdAt < settledAt) problems.push('it began before its needs were settled');
  const free = isFree(plan, told);
  if (free && record.createdAt > settledAt) problems.push(`it began ${record.createdAt - settledAt} ms late`);
  if (record.completedAt === undefined) return [...problems, 'it is not over'];
  if (record.message === '') problems.push('it does not say why');

  const [first] = needs;
  const view = (cancelled: boolean): View => ({
    success: !cancelled && needs.every(need => need?.status === 'succeeded' || isContinued(need)),
    failure: anyFailedBefore(plan, index, told.jobs),
    cancelled,
    cut: cancelled,
    ...(first === undefined ? {} : { previous: { status: first.status, out: outOf(first.outputs) } }),
  });
  const judged = possible(job.if, record.createdAt, times, view);
  const observed: Judged = record.steps.length > 0 ? 'run' : record.status === 'failed' ? 'fail' : 'skip';
  if (!judged.includes(observed)) return [...problems, `its if came to '${observed}'; right: ${judged.join(' or ')}`];
  if (record.status === 'failed' && isContinued(record) !== CONTINUES[job.continues].value) {
    problems.push(`continued: ${String(record.continued)}`);
  }
  if (observed === 'run') return [...problems, ...explainSteps(plan, job, index, record, told, times)];
  const status = observed === 'fail' ? 'failed' : 'skipped';
  if (record.status !== status) problems.push(`it ${record.status} without having begun`);
  for (const place of job.steps.keys()) {
    if (told.calls.has(stepKey(index, place))) problems.push(`step ${place} was called`);
  }
  return problems;
}

/** What a condition may come to: nothing begins any more when the time for clean-up is over. */
function possible(name: ConditionName, time: number, times: Times, view: (cancelled: boolean) => View): Judged[] {
  const found = times.finalAt(time).flatMap((final): Judged[] => {
    if (final) return ['skip'];
    return times.cancelledAt(time).map(cancelled => judge(name, view(cancelled)));
  });
  return [...new Set(found)];
}

/** Nothing keeps a job or a step from going on at once. */
const isFree = (plan: Plan, told: Told): boolean =>
  plan.maxParallelJobs >= plan.jobs.length && plan.remaining === undefined && !told.disturbed;

function explainSteps(plan: Plan, job: JobPlan, index: number, record: StoredJob, told: Told, times: Times): string[] {
  const problems: string[] = [];
  const over = jobDeadline(job, record) ?? Infinity;
  let since = record.createdAt;
  let failed = false;
  /** Steps that a cancellation cost: surely, or perhaps. */
  let lost: 'no' | 'perhaps' | 'yes' = 'no';
  let cut = false;
  let timedOut = false;
  for (const [place, step] of job.steps.entries()) {
    const one = record.steps[place];
    const say = (text: string): void => void problems.push(`step ${place}: ${text}`);
    const calls = told.calls.get(stepKey(index, place)) ?? 0;
    if (one?.completedAt === undefined) {
      say('it is not over');
      continue;
    }
    if (one.createdAt < since) say('it began before the one before it ended');
    if (one.message === '') say('it does not say why');
    since = one.completedAt;
    const before = record.steps[place - 1];
    const ofStep = (cancelled: boolean): View => ({
      success: !failed && !(cancelled && record.cleanup !== true),
      failure: failed,
      cancelled,
      cut: cancelled && record.cleanup !== true,
      ...(before === undefined
        ? {}
        : { previous: { status: before.status, out: putsOut(job.steps[place - 1], before) } }),
    });
    const judged: Judged[] = timedOut ? ['skip'] : possible(step.if, one.createdAt, times, ofStep);
    const observed: Judged =
      one.status === 'skipped' ? 'skip' : one.message.startsWith('The condition') ? 'fail' : 'run';
    if (!judged.includes(observed)) say(`its if came to '${observed}'; right: ${judged.join(' or ')}`);
    if (observed === 'skip') {
      if (calls > 0) say('it was skipped and called');
      if (!timedOut && record.cleanup !== true && judge(step.if, ofStep(false)) !== 'skip') lost = 'yes';
      else if (!timedOut && lost === 'no' && times.finalAt(one.createdAt).includes(true)) lost = 'perhaps';
    }
    if (observed === 'run') {
      problems.push(
        ...explainEnd(step, one, calls, over, told, times, record, stepKey(index, place), isFree(plan, told)).map(
          text => `step ${place}: ${text}`,
        ),
      );
    }
    if (one.status === 'failed') {
      if ((one.continued === true) !== CONTINUES[step.continues].value) say(`continued: ${String(one.continued)}`);
      if (one.continued !== true) failed = true;
    }
    if (one.status === 'cancelled') {
      cut = true;
      if (one.message.startsWith('The job took longer')) timedOut = true;
      else lost = 'yes';
    }
  }
  const broken = job.out === 'broken';
  const right = failed
    ? ['failed']
    : timedOut
      ? ['failed', ...(times.cancelledAt(since).includes(true) ? ['cancelled'] : [])]
      : lost === 'yes'
        ? ['cancelled']
        : [...(lost === 'perhaps' ? ['cancelled'] : []), broken ? 'failed' : 'succeeded'];
  if (!right.includes(record.status)) problems.push(`it ${record.status}; right: ${right.join(' or ')}`);
  if (cut && record.status === 'succeeded') problems.push('it succeeded though a step was cut off');
  const out = broken ? undefined : outputOf(job, record, told);
  if (record.outputs !== undefined || (job.out !== 'nothing' && !broken)) {
    const has = record.outputs?.out;
    if (has !== out) problems.push(`its output is ${JSON.stringify(has)}; right: ${JSON.stringify(out)}`);
  }
  return problems;
}

/** How a step that began may have ended. */
function explainEnd(
  step: StepPlan,
  one: StepRecord,
  calls: number,
  over: number,
  told: Told,
  times: Times,
  job: StoredJob,
  key: string,
  free: boolean,
): string[] {
  const end = one.completedAt ?? 0;
  const spared = job.cleanup === true || one.cleanup === true;
  const cancelled = (spared ? times.finalAt(end) : times.cancelledAt(end)).includes(true);
  const limit = step.timeout === undefined ? Infinity : one.createdAt + step.timeout * 1_000;
  const { behaviour } = step;
  const problems: string[] = [];
  if (one.message.startsWith('TIMEOUT:')) {
    if (end < limit) problems.push('it timed out early');
  } else if (one.status === 'cancelled') {
    if (!cancelled && end < over) problems.push('it was cancelled and nobody asked for it');
  } else {
    const { status, takes } = naturalEnd(step, told, key);
    // No attempt is made whose pause would end behind a time-out.
    const bound = Math.min(limit, over, spared ? Infinity : times.deadline);
    const pause = (step.retry?.delay ?? 0) * BACKOFF ** ((step.retry?.attempts ?? 1) - 1) * 1_000;
    const short = one.createdAt + takes >= bound || (told.disturbed && end + pause >= bound);
    const shortened = step.retry !== undefined && short && one.status === 'failed';
    if (one.status !== status && !shortened) problems.push(`it ${one.status}; right: ${status}`);
    if (end < one.createdAt + takes && !shortened) problems.push('it ended early');
    const late = end - one.createdAt - takes - 4_000;
    const open = behaviour.does === 'wait' || told.decidedAt.has(key);
    if (free && !open && late > 0) problems.push(`it ended ${late} ms late`);
    if (end < (told.decidedAt.get(key) ?? 0)) problems.push('it ended before the decision');
    if (behaviour.does === 'ask' && !told.decidedAt.has(key)) {
      const right = behaviour.onTimeout === 'approve' ? 'approved' : 'cancelled';
      if (told.approvals.get(key) !== right)
        problems.push(`its approval is ${told.approvals.get(key)}; right: ${right}`);
    }
    if (behaviour.does === 'wait' && end < (told.releasedAt.get(key) ?? Infinity)) problems.push('it did not wait');
    if (isProbed(step) && calls === 0) problems.push('it ended and was never called');
  }
  if (!told.disturbed) {
    const known = Math.min((times.cancelled ?? Infinity) + LOOK, times.deadline);
    // A step may begin when the time of its job is over already: whoever was parked wakes a moment later.
    const due = Math.min(limit, over, spared ? Infinity : known);
    const latest = Math.max(due, one.createdAt) + GRACE + 1_000;
    if (end > latest) problems.push(`it ended ${end - latest} ms late`);
    if (calls > 1 && behaviour.does !== 'wait' && step.retry === undefined && told.run.epoch === 1)
      problems.push(`it was called ${calls} times`);
  }
  return problems;
}

/** How a step ends that nobody cuts off, and after how many milliseconds. */
function naturalEnd(
  { behaviour, retry }: StepPlan,
  told: Told,
  key: string,
): { readonly status: string; readonly takes: number } {
  const tries = (code: string): number => (retry?.on === undefined || retry.on === code ? (retry?.attempts ?? 1) : 1);
  const pauses = (attempts: number): number =>
    Array.from({ length: attempts - 1 }, (_, index) => (retry?.delay ?? 0) * BACKOFF ** index * 1_000).reduce(
      (sum, pause) => sum + pause,
      0,
    );
  switch (behaviour.does) {
    case 'fail':
      return { status: 'failed', takes: pauses(tries('BROKEN')) };
    case 'crash':
      return { status: 'failed', takes: pauses(tries('INTERNAL_ERROR')) };
    case 'recover': {
      const most = tries('BROKEN');
      const enough = behaviour.failures < most;
      return { status: enough ? 'succeeded' : 'failed', takes: pauses(enough ? behaviour.failures + 1 : most) };
    }
    case 'refuse':
    case 'ill':
      return { status: 'failed', takes: 0 };
    case 'hang':
      return { status: 'never', takes: 0 };
    case 'work':
      return { status: 'succeeded', takes: behaviour.ms };
    case 'sleep':
      return { status: 'succeeded', takes: behaviour.seconds * 1_000 };
    case 'ask':
      return {
        status: told.approvals.get(key) === 'approved' ? 'succeeded' : 'failed',
        takes: told.decidedAt.has(key) ? 0 : behaviour.minutes * 60_000,
      };
    case 'succeed':
    case 'log':
    case 'wait':
      return { status: 'succeeded', takes: 0 };
  }
}

const isContinued = (record: StoredJob | undefined): boolean =>
  record?.status === 'failed' && record.continued === true;

/** Any job that this one needs, over however many others. */
function anyFailedBefore(plan: Plan, index: number, jobs: ReadonlyMap<number, StoredJob>): boolean {
  const before = new Set(plan.jobs[index]?.needs);
  // Needs always point back, so one way down finds them all.
  for (let job = index - 1; job >= 0; job -= 1) {
    if (before.has(job)) for (const need of plan.jobs[job]?.needs ?? []) before.add(need);
  }
  return [...before].some(job => jobs.get(job)?.status === 'failed' && jobs.get(job)?.continued !== true);
}

const outOf = (outputs: StoredJob['outputs']): string | null => (typeof outputs?.out === 'string' ? outputs.out : null);

/** What later steps read as `outputs.out`. */
const putsOut = (step: StepPlan | undefined, record: StepRecord): string | null =>
  record.status === 'succeeded' &&
  step !== undefined &&
  ['succeed', 'work', 'wait', 'recover'].includes(step.behaviour.does)
    ? 'ok'
    : null;

function outputOf(job: JobPlan, record: StoredJob, told: Told): string | null | undefined {
  switch (job.out) {
    case 'nothing':
    case 'broken':
      return undefined;
    case 'step':
      return record.steps[0] === undefined ? null : putsOut(job.steps[0], record.steps[0]);
    case 'need':
      return outOf(told.jobs.get(job.needs[0] ?? -1)?.outputs);
  }
}
