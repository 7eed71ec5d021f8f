import { decide } from '../../access/decide.ts';
import type { JsonObject } from '../../json.ts';
import type { Job, Pipeline, Step } from '../../language/pipeline.ts';
import { jobDeadline } from '../../run/job-record.ts';
import { stepDeadline } from '../../run/step-record.ts';
import type { Approval } from '../../store/approvals.ts';
import { hasEnded, type JobRecord, listJobs } from '../../store/jobs.ts';
import { type RunRecord, readStored } from '../../store/runs.ts';
import { isSecret, listValues } from '../../store/values.ts';
import type { Caller } from '../authenticate.ts';
import type { ApiDependencies } from '../operation.ts';
import { formatTime } from '../time.ts';
import { definitionOfRun } from '../version.ts';
import { foresee, foreseeCondition, foreseeInputs, type Known } from './foresee.ts';
import { knownFor, type RunNow } from './known-now.ts';

/** Steps that are told; behind them, how many more there are. */
const MOST_STEPS = 100;

/** What goes on when an approval is given: the rest of its job, and the jobs that wait for that one. */
export async function approvalNext(
  dependencies: ApiDependencies,
  run: RunRecord,
  approval: Approval,
  caller: Caller,
): Promise<JsonObject> {
  const { pipeline } = await definitionOfRun(dependencies, run);
  const job = pipeline.jobs.find(({ id }) => id === approval.job);
  if (job === undefined) throw new Error(`approval ${approval.id} is of no job of its run`);
  const now = await readNow(dependencies, run, pipeline, caller);
  const record = now.records.get(job.index);
  const known = knownFor(now, job);
  const asks = job.steps.find(step => record?.steps[step.index]?.wait?.for === `approval(${approval.id})`);
  const room = { steps: MOST_STEPS, more: 0 };
  const steps = describeSteps(job, record, known, room);
  const jobs = jobsAfter(pipeline, job)
    .filter(later => !hasEnded(now.records.get(later.index)?.status ?? 'pending'))
    .map(later => describeJob(later, now, room));
  const until = asks === undefined ? undefined : untilOf(run, record, asks);
  return {
    inputs: now.inputs,
    job: { id: job.id, name: job.name },
    ...(until === undefined ? {} : { until: formatTime(until) }),
    on_timeout: asks?.with.on_timeout === undefined ? 'fail' : String(foresee(asks.with.on_timeout, known).value),
    steps,
    jobs,
    more_steps: room.more,
  };
}

async function readNow(
  { table }: ApiDependencies,
  run: RunRecord,
  pipeline: Pipeline,
  caller: Caller,
): Promise<RunNow> {
  const { org, app } = run;
  // Who reads approvals need not read values.
  const open = pipeline.readsAppValues === true && decide(caller.roles, 'values.read', { org, app }).allowed;
  const [records, inputs, values] = await Promise.all([
    listJobs(table, run.run, true),
    readStored(table, run.run, 'inputs', run.inputs),
    open ? listValues(table, run) : [],
  ]);
  const plain = values.flatMap((value): [string, string][] =>
    isSecret(value) || !('value' in value.content) ? [] : [[value.key, value.content.value]],
  );
  return { run, pipeline, records, inputs, values: Object.fromEntries(plain) };
}

/** Needs before dependants: every job that needs this one, directly or through others. */
function jobsAfter({ jobs }: Pipeline, first: Job): readonly Job[] {
  const after = new Set([first.id]);
  for (let grown = true; grown; ) {
    const more = jobs.filter(job => !after.has(job.id) && job.needs.some(id => after.has(id)));
    for (const { id } of more) after.add(id);
    grown = more.length > 0;
  }
  const byId = new Map(jobs.map(job => [job.id, job]));
  return [...after].flatMap(id => (id === first.id ? [] : (byId.get(id) ?? [])));
}

type Room = { steps: number; more: number };

function describeJob(job: Job, now: RunNow, room: Room): JsonObject {
  const known = knownFor(now, job);
  return {
    id: job.id,
    name: job.name,
    needs: job.needs,
    ...foreseeCondition(job.if, known),
    steps: describeSteps(job, undefined, known, room),
  };
}

/** Those that did not begin. */
function describeSteps(job: Job, record: JobRecord | undefined, known: Known, room: Room): readonly JsonObject[] {
  const left = job.steps.filter(step => record?.steps[step.index] === undefined);
  const told = left.slice(0, room.steps);
  room.steps -= told.length;
  room.more += left.length - told.length;
  return told.map(step => describeStep(step, known));
}

const describeStep = (step: Step, known: Known): JsonObject => ({
  index: step.index,
  name: String(foresee(step.name, known).value),
  uses: step.uses,
  ...foreseeCondition(step.if, known),
  inputs: foreseeInputs(step.with, known),
});

/** What comes first: the time-out of the action, the step, the job or the run. */
function untilOf(run: RunRecord, record: JobRecord | undefined, asks: Step): number | undefined {
  const step = record?.steps[asks.index];
  const ends = [
    step?.wait?.until,
    step === undefined ? undefined : stepDeadline(step),
    record === undefined ? undefined : jobDeadline(record),
    (run.executingAt ?? run.createdAt) + run.timeoutSeconds * 1_000,
  ].filter(end => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
