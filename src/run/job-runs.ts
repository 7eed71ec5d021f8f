import type { Job } from '../language/pipeline.ts';
import type { JobRecord, StepRecord } from '../store/jobs.ts';
import type { AbortCause, Cancellation, JobRun, RunEnvironment } from './environment.ts';
import { inMinutes } from './in-minutes.ts';
import { jobDeadline } from './job-record.ts';
import { runJob } from './run-job.ts';
import { stepDeadline } from './step-record.ts';

/** The jobs of a run that have begun and are not over: at work in this invocation, or waiting for a time or a signal. */
export type JobRuns = {
  readonly active: ReadonlyMap<Job, JobRun>;
  readonly waiting: ReadonlyMap<Job, JobRun>;
  launch(job: Job, jobRun: JobRun): void;
  /** A job that was open when the last invocation ended; it goes on with the next call of `resumeAll`. */
  add(job: Job, jobRun: JobRun): void;
  /** Every waiting step is asked again whether it still has to wait. */
  resumeAll(): void;
  /** Aborts what may not go on after a cancellation, be it in flight or waiting. */
  cancel(cancellation: Cancellation): void;
  /** Ends jobs whose time is over, wakes those whose wait is. */
  enforceTimes(now: number): void;
  /** What is in flight goes on in the next invocation. */
  handOver(): void;
  /** When the next of these times comes, in milliseconds since the epoch. */
  nextTime(): number;
  /** Job id -> what it waits for. */
  waitingFor(): Readonly<Record<string, string>>;
};

/** `changed`: a job ended or stands still. `fail`: the platform is in trouble. */
export function createJobRuns(env: RunEnvironment, changed: () => void, fail: (error: unknown) => void): JobRuns {
  const active = new Map<Job, JobRun>();
  const waiting = new Map<Job, JobRun>();

  const launch = (job: Job, jobRun: JobRun): void => {
    active.set(job, jobRun);
    void runJob(env, job, jobRun).then(stop => {
      active.delete(job);
      if (stop === 'waiting') {
        waiting.set(job, jobRun);
        // The abort came when the step had answered already that it waits.
        if (jobRun.step.signal.aborted) resume(job, jobRun);
      }
      changed();
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

  const all = (): [Job, JobRun][] => [...active, ...waiting];

  return {
    active,
    waiting,
    launch,
    add: (job, jobRun) => waiting.set(job, jobRun),
    resumeAll() {
      for (const [job, jobRun] of [...waiting]) resume(job, jobRun);
    },
    cancel({ message, final }) {
      for (const [job, jobRun] of all()) {
        const record = jobRun.state.record;
        // Between two steps there is nothing to abort: the next one is judged by its own `if`.
        const step = record === undefined ? undefined : openStep(record);
        const spared = record?.cleanup === true || step?.cleanup === true;
        if (step !== undefined && (final || !spared)) abort(job, jobRun, { kind: 'cancelled', message });
      }
    },
    enforceTimes(now) {
      for (const [job, jobRun] of all()) {
        const record = jobRun.state.record;
        const over = record === undefined ? undefined : jobDeadline(record);
        if (over === undefined || now < over || jobRun.step.signal.aborted) continue;
        const message = `The job took longer than its time-out of ${inMinutes(record?.timeoutSeconds ?? 0)}.`;
        abort(job, jobRun, { kind: 'job-timeout', message });
      }
      for (const [job, jobRun] of [...waiting]) if (now >= wakeTime(jobRun, env.draining())) resume(job, jobRun);
    },
    handOver() {
      for (const jobRun of active.values()) jobRun.step.abort({ kind: 'handover' });
    },
    nextTime() {
      const times = [Infinity];
      for (const [, { state, step }] of all()) {
        if (state.record !== undefined && !step.signal.aborted) times.push(jobDeadline(state.record) ?? Infinity);
      }
      for (const jobRun of waiting.values()) times.push(wakeTime(jobRun, env.draining()));
      return Math.min(...times);
    },
    waitingFor() {
      const found: Record<string, string> = {};
      for (const [job, jobRun] of waiting) {
        const wait = waitingStep(jobRun)?.wait;
        if (wait !== undefined) found[job.id] = wait.for;
      }
      return found;
    },
  };
}

/** The step that began and has not ended. */
function openStep(record: JobRecord): StepRecord | undefined {
  return record.steps.find(step => step !== undefined && step.completedAt === undefined);
}

const waitingStep = ({ state }: JobRun): StepRecord | undefined =>
  state.record?.steps.find(step => step?.wait !== undefined);

/** When a waiting job is to be asked again: its wait is over (which a drain leaves to the next invocation), or the time of its step. */
function wakeTime(jobRun: JobRun, draining: boolean): number {
  const step = waitingStep(jobRun);
  if (step?.wait === undefined) return 0;
  return Math.min(draining ? Infinity : step.wait.until, stepDeadline(step) ?? Infinity);
}
