import type { JsonObject } from '../json.ts';
import type { Job } from '../language/pipeline.ts';
import { type Fence, fenceJob, hasEnded, jobOfItem, listJobs, type StoredJob } from '../store/jobs.ts';
import { type RunRecord, readStored } from '../store/runs.ts';
import type { Definition } from './definitions.ts';
import type { RunJobs } from './invocation.ts';
import { Superseded } from './recorder.ts';
import { openSecrets, type RunSecrets } from './secrets.ts';

export type LoadedRun = {
  readonly run: RunRecord;
  readonly definition: Definition;
  /** As they are stored: `***` in the place of secret ones. */
  readonly inputs: JsonObject;
  readonly secrets: RunSecrets;
  /** By place of the job; jobs that did not begin are absent. */
  readonly records: ReadonlyMap<number, StoredJob>;
  readonly fence: Fence;
};

const DAY = 86_400;

/** What an invocation that holds the run's epoch starts from. */
export async function loadRun(deps: RunJobs, run: RunRecord): Promise<LoadedRun> {
  const fence: Fence = {
    run: run.run,
    epoch: run.epoch,
    // Job records are written before the end of the run is known; they must not vanish before the run's record does.
    expiresAt: Math.ceil(deps.clock.now() / 1_000) + run.timeoutSeconds + deps.retentionDays * DAY,
  };
  const [definition, inputs, listed] = await Promise.all([
    deps.definitions.load(run, run.version, run.version),
    readStored(deps.table, run.run, 'inputs', run.inputs),
    run.epoch === 1 && !run.kept ? new Map<number, StoredJob>() : listJobs(deps.table, run.run, true),
  ]);
  if (definition === undefined) {
    throw new Error(`run ${run.run}: version ${run.version} of pipeline ${run.org}/${run.app}/${run.pipeline} is gone`);
  }
  const secrets = await openSecrets(deps, run, definition);
  const handedOver = run.epoch === 1 || run.released === run.epoch - 1;
  const records = handedOver ? listed : await takeOver(deps, fence, definition, listed);
  return { run, definition, inputs, secrets, records, fence };
}

/**
 * The invocation before this one did not end by itself: it may still be at work somewhere. Every job that is not over is
 * fenced, and what the fence answers is the truth: a write of the other one came before it or never comes.
 */
async function takeOver(
  deps: RunJobs,
  fence: Fence,
  definition: Definition,
  listed: ReadonlyMap<number, StoredJob>,
): Promise<ReadonlyMap<number, StoredJob>> {
  const open = definition.pipeline.jobs.filter(job => !hasEnded(listed.get(job.index)?.status ?? 'pending'));
  const written = await deps.table.writeInOrder([open.map(job => fenceJob(fence, job.index))]);
  const records = new Map(listed);
  await Promise.all(
    open.map(async (job, place) => {
      const answer = written[place];
      if (answer?.done !== true || answer.item === undefined)
        throw new Superseded(`job ${job.id} belongs to a later invocation`);
      const record = await jobOfItem(deps.table, fence.run, answer.item, true);
      if (record !== undefined) records.set(job.index, record);
    }),
  );
  return reallyBegun(definition.pipeline.jobs, records);
}

/**
 * Of the records that a worker writes at once, a crash may leave some. A job one of whose needs has not ended had no effect
 * yet, for that comes when all of them are durable: it begins when its needs have ended.
 */
function reallyBegun(jobs: readonly Job[], records: ReadonlyMap<number, StoredJob>): ReadonlyMap<number, StoredJob> {
  const ended = (job: Job): boolean => hasEnded(records.get(job.index)?.status ?? 'pending');
  const over = new Set(jobs.filter(ended).map(({ id }) => id));
  const isEarly = (job: Job): boolean => records.has(job.index) && job.needs.some(need => !over.has(need));
  const early = jobs.filter(isEarly);
  if (early.length === 0) return records;
  const places = new Set(early.map(({ index }) => index));
  return reallyBegun(jobs, new Map([...records].filter(([place]) => !places.has(place))));
}
