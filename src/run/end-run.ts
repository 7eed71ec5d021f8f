import { closeAbandonedRun, finishWrites, type RunOutcome } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';
import { jobsContext } from './contexts.ts';
import type { RunEnvironment } from './environment.ts';
import type { RunJobs } from './invocation.ts';
import { evaluateOutputs } from './job-record.ts';
import { measureEnd } from './measure-run.ts';
import { outcomeOf } from './outcome.ts';
import { endEvent } from './status-events.ts';

const DAY = 86_400;

/**
 * Writes the end of a run all of whose jobs have ended, and tells of it. Answers the record when that was refused, for the
 * run was asked to end since it was last looked at.
 */
export async function endRun(
  env: RunEnvironment,
  { retentionDays, closesWhenTold }: Pick<RunJobs, 'retentionDays' | 'closesWhenTold'>,
): Promise<RunRecord | undefined> {
  const { run, pipeline, recorder, redactor } = env;
  const view = await env.secrets.judge(Object.values(pipeline.outputs));
  const refused = view?.refusal(Object.values(pipeline.outputs));
  if (refused !== undefined) await env.noteRefusal(refused, {});
  const outcome = outcomeOf(pipeline.jobs, job => env.recordOf(job.id), env.cancellation()?.message);
  const ids = pipeline.jobs.map(job => job.id);
  const contexts = { ...env.contexts, ...view?.contexts, jobs: jobsContext(ids, env.recordOf) };
  const outputs = evaluateOutputs(pipeline.outputs, { contexts }, refused);
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
  const staysOpen = (await closesWhenTold?.(run)) === true;
  const asked = await recorder.close(finishWrites(run, run.epoch, end, staysOpen));
  if (asked !== undefined) return asked;
  measureEnd(env, run, end);
  await env.tell?.([endEvent(run, end)]);
  if (staysOpen) await closeAbandonedRun(env.table, run);
  return undefined;
}
