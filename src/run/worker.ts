import { evaluateCondition } from '../language/expressions/evaluate.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Job } from '../language/pipeline.ts';
import { hasEnded, type JobRecord, type StepRecord } from '../store/jobs.ts';
import { finishWrites, getRun, isOver, type RunRecord, releaseWrite } from '../store/runs.ts';
import { createBreath } from './breath.ts';
import { jobsContext, pipelineContext } from './contexts.ts';
import type { AbortCause, Cancellation, JobRun, RunEnvironment } from './environment.ts';
import type { Invocation, Next, RunJobs } from './invocation.ts';
import { evaluateOutputs, jobDeadline, settledJob } from './job-record.ts';
import type { LoadedRun } from './load-run.ts';
import { outcomeOf } from './outcome.ts';
import { createRecorder, type JobState, Superseded } from './recorder.ts';
import { runJob } from './run-job.ts';
import { type JobView, schedule, type Verdict } from './scheduler.ts';
import { failureOf, inMinutes } from './settings.ts';
import { stepDeadline } from './step-record.ts';

/** Milliseconds. */
const TIMES = {
  /** Progress becomes visible at least this often. */
  flush: 1_000,
  /** How often a worker looks whether it was cancelled, signalled or cut off. */
  look: 2_000,
  /** Waits that are shorter are not worth parking for. */
  inPlace: 5_000,
  /** What clean-up may take after a cancellation. */
  cleanup: 300_000,
  /** Before the platform ends the invocation: no step begins any more (an HTTP step takes up to 300 s) … */
  drain: 330_000,
  /** … and steps in flight are handed to the next one. */
  handOver: 15_000,
};

const DAY = 86_400;

/** Drives the jobs of a run as far as they go in this invocation. */
export async function drive(deps: RunJobs, loaded: LoadedRun, invocation: Invocation): Promise<Next> {
  const { run, definition, fence } = loaded;
  const { clock, table } = deps;
  const { pipeline } = definition;
  const states = new Map<string, JobState>(
    pipeline.jobs.map(job => {
      const record = loaded.records.get(job.index);
      return [job.id, { record, logChunks: record?.logChunks ?? 0 }];
    }),
  );
  const recorder = createRecorder(table, fence, () => clock.now());
  const active = new Map<Job, JobRun>();
  const waiting = new Map<Job, JobRun>();
  const endsAt = clock.now() + invocation.remaining();
  // A short invocation drains late, or it would never begin anything.
  const drainAt = endsAt - Math.min(TIMES.drain, invocation.remaining() * 0.4);
  const handOverAt = endsAt - Math.min(TIMES.handOver, invocation.remaining() * 0.1);
  const deadline = (run.executingAt ?? run.createdAt) + run.timeoutSeconds * 1_000;

  let cancelledAt = run.cancellationRequestedAt;
  let cancellation: Cancellation | undefined;
  let signal = run.signal;
  let lookedAt = clock.now();
  let handedOver = false;
  /** Nobody drives any more: what is still in flight must not begin anything. */
  let ended = false;
  let flushing = false;
  let trouble: { readonly error: unknown } | undefined;
  let ring: () => void = () => undefined;

  const env: RunEnvironment = {
    run,
    pipeline,
    contexts: { inputs: loaded.inputs, pipeline: pipelineContext(run, pipeline, deps.urlOf(run)) },
    recordOf: id => states.get(id)?.record,
    recorder,
    actions: deps.actions,
    clients: deps.clients,
    clock,
    report: deps.report,
    cancellation: () => cancellation,
    draining: () => ended || clock.now() >= drainAt,
    breathe: createBreath(clock),
  };

  const fail = (error: unknown): void => {
    trouble ??= { error };
    ring();
  };

  const launch = (job: Job, jobRun: JobRun): void => {
    active.set(job, jobRun);
    void runJob(env, job, jobRun).then(stop => {
      active.delete(job);
      if (stop === 'waiting') waiting.set(job, jobRun);
      ring();
    }, fail);
  };

  const resume = (job: Job, jobRun: JobRun): void => {
    waiting.delete(job);
    launch(job, jobRun);
  };

  /** Aborts the step of a job, be it in flight or waiting. */
  const abort = (job: Job, jobRun: JobRun, cause: AbortCause): void => {
    jobRun.step.abort(cause);
    if (waiting.has(job)) resume(job, jobRun);
  };

  const everyRun = (): [Job, JobRun][] => [...active, ...waiting];

  const judgeCancellation = (now: number): void => {
    if (cancelledAt === undefined && now >= deadline) cancelledAt = deadline;
    if (cancelledAt === undefined) return;
    const final = now >= cancelledAt + TIMES.cleanup;
    if (cancellation?.final === final) return;
    const requested = cancelledAt !== deadline;
    const message = requested
      ? 'Cancelled on request.'
      : `Cancelled: the run took longer than its time-out of ${inMinutes(run.timeoutSeconds)}.`;
    cancellation = { message, final };
    for (const [job, jobRun] of everyRun()) {
      const record = jobRun.state.record;
      // Between two steps there is nothing to abort: the next one is judged by its own `if`.
      const step = record === undefined ? undefined : openStep(record);
      const spared = record?.cleanup === true || step?.cleanup === true;
      if (step !== undefined && (final || !spared)) abort(job, jobRun, { kind: 'cancelled', message });
    }
  };

  const enforceTimes = (now: number): void => {
    for (const [job, jobRun] of everyRun()) {
      const record = jobRun.state.record;
      const over = record === undefined ? undefined : jobDeadline(record);
      if (over !== undefined && now >= over && !jobRun.step.signal.aborted) {
        const message = `The job took longer than its time-out of ${inMinutes(record?.timeoutSeconds ?? 0)}.`;
        abort(job, jobRun, { kind: 'job-timeout', message });
      }
    }
    for (const [job, jobRun] of [...waiting]) if (now >= wakeTime(jobRun)) resume(job, jobRun);
    if (now >= handOverAt && !handedOver) {
      handedOver = true;
      for (const jobRun of active.values()) jobRun.step.abort({ kind: 'handover' });
    }
  };

  const look = async (): Promise<void> => {
    let found: RunRecord | undefined;
    try {
      found = await getRun(table, run, false);
    } catch (error) {
      // Only advice: the fence holds without it, and the next look comes soon.
      deps.report(`run ${run.run}: could not look at its record`, error);
      return;
    }
    if (found === undefined || isOver(found.status) || found.epoch > run.epoch) {
      throw new Superseded(`run ${run.run} belongs to a later invocation`);
    }
    cancelledAt ??= found.cancellationRequestedAt;
    if (found.signal > signal) {
      signal = found.signal;
      for (const [job, jobRun] of [...waiting]) resume(job, jobRun);
    }
  };

  /** When something other than the end of a step happens, in milliseconds since the epoch. */
  const nextEvent = (): number => {
    const times = [
      cancelledAt === undefined ? deadline : cancellation?.final === true ? Infinity : cancelledAt + TIMES.cleanup,
    ];
    for (const [, { state, step }] of everyRun()) {
      if (state.record !== undefined && !step.signal.aborted) times.push(jobDeadline(state.record) ?? Infinity);
    }
    for (const jobRun of waiting.values()) times.push(wakeTime(jobRun));
    return Math.min(...times);
  };

  /** When this invocation has something to do by itself. */
  const nextDuty = (): number => {
    const since = recorder.dirtySince();
    const flushAt = since === undefined || flushing ? Infinity : since + TIMES.flush;
    return Math.min(lookedAt + TIMES.look, flushAt, handedOver ? Infinity : handOverAt);
  };

  const advance = (): 'over' | 'going' => {
    const views = new Map<string, JobView>();
    for (const [id, { record }] of states) {
      if (record !== undefined) views.set(id, { status: record.status, continued: record.continued === true });
    }
    const plan = schedule(pipeline.jobs, views, cancellation !== undefined, (job, status) =>
      cancellation?.final === true
        ? { ok: true, value: false }
        : judgeJob(job, { contexts: { ...env.contexts, needs: jobsContext(job.needs, env.recordOf) }, status }),
    );
    for (const settlement of plan.settle) {
      const state = stateOf(states, settlement.job);
      state.record = settledJob(settlement, clock.now());
      recorder.changed(state);
    }
    if (plan.over) return 'over';
    for (const job of plan.start) {
      if (active.size >= deps.maxParallelJobs || env.draining()) break;
      if (!active.has(job)) launch(job, { state: stateOf(states, job), step: new AbortController() });
    }
    return 'going';
  };

  const finish = async (): Promise<Next> => {
    const outcome = outcomeOf(pipeline.jobs, job => env.recordOf(job.id), cancellation?.message);
    const ids = pipeline.jobs.map(job => job.id);
    const outputs = evaluateOutputs(pipeline.outputs, {
      contexts: { ...env.contexts, jobs: jobsContext(ids, env.recordOf) },
    });
    const completedAt = clock.now();
    const end = {
      ...(outputs.problem === undefined || outcome.status !== 'succeeded'
        ? outcome
        : { status: 'failed' as const, message: outputs.problem }),
      completedAt,
      expiresAt: Math.ceil(completedAt / 1_000) + deps.retentionDays * DAY,
      ...(outputs.value === undefined ? {} : { outputs: outputs.value }),
    };
    await recorder.flush(finishWrites(run, run.epoch, end));
    return { next: 'done' };
  };

  const release = async (): Promise<void> => {
    const waitingFor: Record<string, string> = {};
    for (const [job, jobRun] of waiting) {
      const wait = jobRun.state.record?.steps.find(step => step?.wait !== undefined)?.wait;
      if (wait !== undefined) waitingFor[job.id] = wait.for;
    }
    await recorder.flush([[releaseWrite(run, run.epoch, waitingFor)]]);
  };

  // What was open when the last invocation ended goes on, but not before it was judged whether its time is over; a waiting
  // step is asked again whether it still has to wait.
  for (const job of pipeline.jobs) {
    const state = stateOf(states, job);
    if (state.record !== undefined && !hasEnded(state.record.status)) {
      waiting.set(job, { state, step: new AbortController() });
    }
  }
  judgeCancellation(clock.now());
  enforceTimes(clock.now());
  for (const [job, jobRun] of [...waiting]) resume(job, jobRun);

  try {
    for (;;) {
      const bell = new Promise<void>(resolve => {
        ring = resolve;
      });
      const now = clock.now();
      judgeCancellation(now);
      enforceTimes(now);
      if (trouble !== undefined) throw trouble.error;
      if (advance() === 'over') return await finish();
      if (active.size === 0) {
        if (env.draining()) {
          await release();
          return { next: 'again' };
        }
        if (waiting.size === 0)
          throw new Error(`run ${run.run}: no job is in execution, waits or can begin, yet it is not over`);
        const wait = nextEvent() - now;
        if (wait > TIMES.inPlace) {
          await release();
          return { next: 'park', epoch: run.epoch, signal, seconds: Math.ceil(wait / 1_000) };
        }
      }
      const since = recorder.dirtySince();
      if (since !== undefined && now >= since + TIMES.flush && !flushing) {
        flushing = true;
        void recorder.flush().then(() => {
          flushing = false;
          ring();
        }, fail);
      }
      if (now >= lookedAt + TIMES.look) {
        lookedAt = now;
        void look().then(ring, fail);
      }
      const timer = new AbortController();
      const pause = Math.max(0, Math.min(nextEvent(), nextDuty()) - now);
      await Promise.race([bell, clock.sleep(pause, timer.signal)]);
      timer.abort('over');
    }
  } finally {
    ended = true;
    for (const jobRun of active.values()) jobRun.step.abort({ kind: 'handover' });
  }
}

/** The condition of a job; one that cannot be evaluated is a failure, which may be continued like any other. */
function judgeJob(job: Job, scope: Scope): Verdict {
  const verdict = evaluateCondition(job.if, scope);
  if (verdict.ok) return verdict;
  const failure = failureOf(
    `The condition \`if\` could not be evaluated: ${verdict.message}`,
    job.continueOnError,
    scope,
  );
  return { ok: false, message: failure.message, continued: failure.continued === true };
}

/** The step that began and has not ended. */
function openStep(record: JobRecord): StepRecord | undefined {
  return record.steps.find(step => step !== undefined && step.completedAt === undefined);
}

/** When a waiting job is to be asked again: its wait is over, or the time of its step. */
function wakeTime({ state }: JobRun): number {
  const step = state.record?.steps.find(candidate => candidate?.wait !== undefined);
  if (step?.wait === undefined) return 0;
  return Math.min(step.wait.until, stepDeadline(step) ?? Infinity);
}

function stateOf(states: ReadonlyMap<string, JobState>, job: Job): JobState {
  const state = states.get(job.id);
  if (state === undefined) throw new Error(`no state of job ${job.id}`);
  return state;
}
