import { DEPTH_KEY, OWN_SOURCE } from '../events/delivered-event.ts';
import type { JsonObject } from '../json.ts';
import type { BusEvent } from '../ports/bus.ts';
import type { Approval } from '../store/approvals.ts';
import { isOver, type RunEnd, type RunRecord, type RunStatus } from '../store/runs.ts';

export const RUN_STATUS = 'Pipeline Run Status Change';
export const APPROVAL_STATUS = 'Approval Status Change';

/** What a run has become so far, in order. Told again, each event has the same `id` in its detail. */
export function runEvents(run: RunRecord): readonly BusEvent[] {
  const { status, message, completedAt } = run;
  const end = isOver(status) && completedAt !== undefined ? [endEvent(run, { status, message, completedAt })] : [];
  return [...beginningEvents(run), ...end];
}

/** That it was created, and that it began, if it did. */
export function beginningEvents(run: RunRecord): readonly BusEvent[] {
  const queued = runEvent(run, 'queued', run.createdAt, '');
  return run.executingAt === undefined ? [queued] : [queued, runEvent(run, 'executing', run.executingAt, '')];
}

type End = {
  readonly status: RunEnd;
  readonly message: string;
  readonly completedAt: number;
  readonly envIds?: readonly string[];
};

export function endEvent(run: RunRecord, { status, message, completedAt, envIds = run.envIds }: End): BusEvent {
  return runEvent({ ...run, envIds }, status, completedAt, message);
}

function runEvent(run: RunRecord, status: RunStatus, at: number, message: string): BusEvent {
  return {
    source: OWN_SOURCE,
    detailType: RUN_STATUS,
    resources: [`/orgs/${run.org}/apps/${run.app}/pipelines/${run.pipeline}/runs/${run.run}`],
    time: at,
    detail: {
      id: `${run.run}/${status}`,
      ...placeOf(run, at),
      pipeline_version: run.version,
      status,
      status_message: message,
      trigger: run.trigger,
      created_by: run.createdBy,
      run_as: run.runAs,
      env_ids: [...run.envIds],
    },
  };
}

/** As it stands. */
export function approvalEvent(run: RunRecord, approval: Approval): BusEvent {
  const { id, job, envId, status, message, createdAt, decisions } = approval;
  const at = decisions.at(-1)?.at ?? createdAt;
  return {
    source: OWN_SOURCE,
    detailType: APPROVAL_STATUS,
    resources: [
      `/orgs/${run.org}/apps/${run.app}/pipelines/${run.pipeline}/runs/${run.run}/jobs/${job}/approvals/${id}`,
    ],
    time: at,
    detail: {
      id: `${id}/${status}`,
      ...placeOf(run, at),
      approval_id: id,
      job_id: job,
      env_id: envId,
      status,
      message,
      decided_by: decisions.map(({ by }) => by),
    },
  };
}

function placeOf({ org, app, pipeline, run, eventDepth = 0 }: RunRecord, at: number): JsonObject {
  return {
    org_id: org,
    app_id: app,
    pipeline_id: pipeline,
    run_id: run,
    at: new Date(at).toISOString(),
    [DEPTH_KEY]: eventDepth,
  };
}
