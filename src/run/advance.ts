import { evaluateCondition } from '../language/expressions/evaluate.ts';
import type { Scope, Template } from '../language/expressions/template.ts';
import type { Job } from '../language/pipeline.ts';
import { jobsContext } from './contexts.ts';
import type { RunEnvironment } from './environment.ts';
import { settledJob } from './job-record.ts';
import type { JobRuns } from './job-runs.ts';
import { maskJob } from './mask.ts';
import type { JobState } from './recorder.ts';
import { type JobView, type Schedule, schedule, type Verdict } from './scheduler.ts';
import type { SecretView } from './secret-views.ts';
import { failureOf } from './settings.ts';
import { CLEANUP_IS_OVER } from './step-record.ts';

/** `over`: every job has ended. `idle`: none is at work, so nothing happens before a time or a signal comes. */
export type Progress = 'over' | 'going' | 'idle';

/** Settles what ends without having begun and starts the jobs that may begin. */
export async function advance(
  env: RunEnvironment,
  states: ReadonlyMap<string, JobState>,
  jobRuns: JobRuns,
  maxParallelJobs: number,
): Promise<Progress> {
  let plan = planOf(env, states);
  const judging = env.secrets.judge(plan.conditions);
  // Without the secrets it is right only when no condition reads one.
  if (judging !== undefined) {
    const view = await judging;
    const noted = new Set<Job>();
    // Jobs go on meanwhile: what is done is planned as they stand after the last wait.
    for (;;) {
      plan = planOf(env, states, view);
      const [next] = [...plan.refused].filter(([job]) => !noted.has(job));
      if (next === undefined) break;
      await env.noteRefusal(next[1], { job: next[0].id });
      noted.add(next[0]);
    }
  }
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
  return jobRuns.active.size === 0 ? 'idle' : 'going';
}

type Plan = Schedule & {
  /** What was evaluated to make it. */
  readonly conditions: readonly (Template | undefined)[];
  /** Jobs whose condition names a secret that the run may not read, and why. */
  readonly refused: ReadonlyMap<Job, string>;
};

function planOf(env: RunEnvironment, states: ReadonlyMap<string, JobState>, view?: SecretView): Plan {
  const views = new Map<string, JobView>();
  for (const [id, { record }] of states) {
    if (record !== undefined) views.set(id, { status: record.status, continued: record.continued === true });
  }
  const cancellation = env.cancellation();
  // What is settled in the same breath has no record yet.
  const needsOf = (job: Job, settled: ReadonlyMap<string, JobView>) =>
    jobsContext(job.needs, id => env.recordOf(id) ?? settled.get(id));
  const conditions: (Template | undefined)[] = [];
  const refused = new Map<Job, string>();
  const plan = schedule(env.pipeline.jobs, views, cancellation !== undefined, (job, status, views) => {
    if (cancellation?.final === true) return { ok: true, value: false, message: CLEANUP_IS_OVER };
    conditions.push(job.if.template, job.continueOnError);
    const scope = { contexts: { ...env.contexts, ...view?.contexts, needs: needsOf(job, views) }, status };
    const reason = view?.refusal([job.if.template]);
    if (reason === undefined) return judgeJob(job, scope);
    refused.set(job, reason);
    return failed(job, `FORBIDDEN: ${reason}`, scope);
  });
  return { ...plan, conditions, refused };
}

/** The condition of a job; one that cannot be evaluated is a failure, which may be continued like any other. */
function judgeJob(job: Job, scope: Scope): Verdict {
  const verdict = evaluateCondition(job.if, scope);
  return verdict.ok ? verdict : failed(job, `The condition \`if\` could not be evaluated: ${verdict.message}`, scope);
}

function failed(job: Job, reason: string, scope: Scope): Verdict {
  const { message, continued } = failureOf(reason, job.continueOnError, scope);
  return { ok: false, message, continued: continued === true };
}

export function stateOf(states: ReadonlyMap<string, JobState>, job: Job): JobState {
  const state = states.get(job.id);
  if (state === undefined) throw new Error(`no state of job ${job.id}`);
  return state;
}
