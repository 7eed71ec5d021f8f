import { closeAbandonedRun, finishWrites, type RunOutcome } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';
import { jobsContext } from './contexts.ts';
import type { RunEnvironment } from './environment.ts';
import type { RunJobs } from './invocation.ts';
import { evaluateOutputs } from './job-record.ts';
import { outcomeOf } from './outcome.ts';
import { Superseded } from './recorder.ts';
import { endEvent } from './status-events.ts';

const DAY = 86_400;

/** Ends a run before any of its jobs, or the next one, could begin. */
export async function failRun(
  {
    table,
    clock,
    retentionDays,
    closesWhenTold,
  }: Pick<RunJobs, 'table' | 'clock' | 'retentionDays' | 'closesWhenTold'>,
  run: RunRecord,
  message: string,
): Promise<void> {
  const completedAt = clock.now();
  const expiresAt = Math.ceil(completedAt / 1_000) + retentionDays * DAY;
  const end: RunOutcome = { status: 'failed', message, completedAt, envIds: run.envIds, expiresAt };
  const written = await table.writeInOrder(finishWrites(run, run.epoch, end, closesWhenTold));
  if (written.some(one => !one.done)) throw new Superseded(`run ${run.run} belongs to a later invocation`);
}

/** Writes the end of a run all of whose jobs have ended, and tells of it. */
export async function endRun(
  env: RunEnvironment,
  { retentionDays, closesWhenTold = false }: Pick<RunJobs, 'retentionDays' | 'closesWhenTold'>,
): Promise<void> {
  const { run, pipeline, recorder, redactor } = env;
  const outcome = outcomeOf(pipeline.jobs, job => env.recordOf(job.id), env.cancellation()?.message);
  const ids = pipeline.jobs.map(job => job.id);
  const outputs = evaluateOutputs(pipeline.outputs, {
    contexts: { ...env.contexts, jobs: jobsContext(ids, env.recordOf) },
  });
  const completedAt = env.clock.now();
  const end: RunOutcome = {
    ...(outputs.problem === undefined || outcome.status !== 'succeeded'
      ? outcome
      : { status: 'failed', message: redactor.text(outputs.problem) }),
    completedAt,
    envIds: [...env.envIds],
    expiresAt: Math.ceil(completedAt / 1_000) + retentionDays * DAY,
    ...(outputs.value === undefined ? {} : { outputs: redactor.json(outputs.value) }),
  };
  await recorder.flush(finishWrites(run, run.epoch, end, closesWhenTold));
  await env.tell?.([endEvent(run, end)]);
  if (closesWhenTold) await closeAbandonedRun(env.table, run);
}
