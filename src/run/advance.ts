import { evaluateCondition } from '../language/expressions/evaluate.ts';
import type { Scope } from '../language/expressions/template.ts';
import type { Job } from '../language/pipeline.ts';
import { jobsContext } from './contexts.ts';
import type { RunEnvironment } from './environment.ts';
import { settledJob } from './job-record.ts';
import type { JobRuns } from './job-runs.ts';
import { maskJob } from './mask.ts';
import type { JobState } from './recorder.ts';
import { type JobView, schedule, type Verdict } from './scheduler.ts';
import { failureOf } from './settings.ts';

/** Settles what ends without having begun and starts the jobs that may begin. `over`: every job has ended. */
export function advance(
  env: RunEnvironment,
  states: ReadonlyMap<string, JobState>,
  jobRuns: JobRuns,
  maxParallelJobs: number,
): 'over' | 'going' {
  const views = new Map<string, JobView>();
  for (const [id, { record }] of states) {
    if (record !== undefined) views.set(id, { status: record.status, continued: record.continued === true });
  }
  const cancellation = env.cancellation();
  // What is settled in the same breath has no record yet.
  const needsOf = (job: Job, settled: ReadonlyMap<string, JobView>) =>
    jobsContext(job.needs, id => env.recordOf(id) ?? settled.get(id));
  const plan = schedule(env.pipeline.jobs, views, cancellation !== undefined, (job, status, views) =>
    cancellation?.final === true
      ? { ok: true, value: false }
      : judgeJob(job, { contexts: { ...env.contexts, needs: needsOf(job, views) }, status }),
  );
  for (const settlement of plan.settle) {
    const state = stateOf(states, settlement.job);
    state.record = maskJob(env.redactor, settledJob(settlement, env.clock.now()));
    env.recorder.changed(state);
  }
  if (plan.over) return 'over';
  for (const job of plan.start) {
    if (jobRuns.active.size >= maxParallelJobs || env.draining()) break;
    if (!jobRuns.active.has(job)) jobRuns.launch(job, { state: stateOf(states, job), step: new AbortController() });
  }
  return 'going';
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

export function stateOf(states: ReadonlyMap<string, JobState>, job: Job): JobState {
  const state = states.get(job.id);
  if (state === undefined) throw new Error(`no state of job ${job.id}`);
  return state;
}
