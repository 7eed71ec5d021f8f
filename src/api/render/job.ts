import type { Job, Pipeline, Step } from '../../language/pipeline.ts';
import { hasEnded, type JobRecord, type PartStatus, type StepRecord } from '../../store/jobs.ts';
import { isOver, type RunRecord } from '../../store/runs.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

/** A job of a run, whether it began (`record`) or not. */
export type JobView = { readonly run: RunRecord; readonly job: Job; readonly record: JobRecord | undefined };

export const jobViews = (
  run: RunRecord,
  pipeline: Pipeline,
  records: ReadonlyMap<number, JobRecord>,
): readonly JobView[] => pipeline.jobs.map(job => ({ run, job, record: records.get(job.index) }));

/** A run that was ended from outside leaves records behind that say otherwise; nothing of it goes on. */
export function statusOf({ run, record }: JobView): PartStatus {
  return settled(run, record?.status ?? 'pending');
}

const settled = (run: RunRecord, status: PartStatus): PartStatus =>
  isOver(run.status) && !hasEnded(status) ? 'cancelled' : status;

const ENDED_WITH_RUN = 'The run ended before this did.';

/** As a list shows it. `kept`: places of the jobs that a restart would keep; undefined: there is nothing to restart from. */
export function renderJob(view: JobView, kept: ReadonlySet<number> | undefined): Entity {
  const more = kept === undefined ? {} : { kept_on_restart: kept.has(view.job.index) };
  return makeEntity(JSON.stringify({ ...fieldsOf(view), ...more }));
}

export function renderJobWithSteps(view: JobView): Entity {
  const { run, job, record } = view;
  const steps = job.steps.flatMap(step => {
    const began = record?.steps[step.index];
    return began === undefined ? [] : [stepFields(view, step, began)];
  });
  const fields = {
    ...fieldsOf(view),
    steps,
    outputs: (hasEnded(statusOf({ run, job, record })) && record?.outputs) || {},
  };
  return makeEntity(JSON.stringify(fields));
}

function fieldsOf(view: JobView) {
  const { run, job, record } = view;
  const status = statusOf(view);
  const createdAt = record?.createdAt ?? run.createdAt;
  const completedAt = record?.completedAt ?? (hasEnded(status) ? run.completedAt : undefined);
  const cancelled = run.cancellationRequestedAt;
  return {
    id: job.id,
    name: job.name,
    org_id: run.org,
    app_id: run.app,
    pipeline_id: run.pipeline,
    pipeline_version: run.version,
    run_id: run.run,
    needs: job.needs,
    status,
    continued: continuedOf(status, record),
    waiting_for: hasEnded(status) ? undefined : waitingFor(view),
    status_message: record !== undefined && record.status === status ? record.message : messageOf(status),
    created_at: formatTime(createdAt),
    updated_at: formatTime(record?.updatedAt ?? createdAt),
    cancellation_requested_at:
      cancelled === undefined || (record?.completedAt !== undefined && record.completedAt < cancelled)
        ? undefined
        : formatTime(cancelled),
    completed_at: completedAt === undefined ? undefined : formatTime(completedAt),
    timeout_seconds: record?.timeoutSeconds ?? run.timeoutSeconds,
  };
}

/** Only where it is so: of most that failed it is not. */
const continuedOf = (status: PartStatus, record: { readonly continued?: boolean } | undefined): true | undefined =>
  status === 'failed' && record?.continued === true ? true : undefined;

const waitingFor = ({ run, job, record }: JobView): string | undefined =>
  run.waitingFor[job.id] ?? record?.steps.find(step => step !== undefined && !hasEnded(step.status))?.wait?.for;

const messageOf = (status: PartStatus): string => (status === 'cancelled' ? ENDED_WITH_RUN : '');

function stepFields({ run, record }: JobView, step: Step, began: StepRecord) {
  const status = settled(run, began.status);
  const completedAt = began.completedAt ?? (hasEnded(status) ? run.completedAt : undefined);
  return {
    index: step.index,
    name: began.name ?? nameOf(step),
    uses: step.uses,
    status,
    continued: continuedOf(status, began),
    status_message: status === began.status ? began.message : messageOf(status),
    created_at: formatTime(began.createdAt),
    completed_at: completedAt === undefined ? undefined : formatTime(completedAt),
    timeout_seconds: began.timeoutSeconds ?? record?.timeoutSeconds ?? run.timeoutSeconds,
    related_entities: began.related ?? {},
  };
}

/** A name with an expression is in the record; until it was evaluated, the id has to do. */
const nameOf = (step: Step): string =>
  step.name.kind === 'literal' ? String(step.name.value) : (step.id ?? step.uses);
