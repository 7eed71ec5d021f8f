import type { QueryParameter, Route, RouteResponse } from '../route.ts';
import { appFilter, JOB, page, paging, perPage, RUN, RUNS, version } from './shared.ts';

const runFilters = [
  {
    name: 'status',
    kind: 'choices',
    values: ['queued', 'executing', 'succeeded', 'failed', 'cancelled'],
    description: 'Only runs with this status. May be repeated.',
  },
  { name: 'completed', kind: 'flag', description: 'Only runs that are over, or only those that are not.' },
  { name: 'env', kind: 'texts', description: 'Only runs that are linked to this environment. May be repeated.' },
  { name: 'created_after', kind: 'time', description: 'Only runs created at this time or later.' },
  { name: 'created_before', kind: 'time', description: 'Only runs created before this time.' },
] as const satisfies readonly QueryParameter[];

/** What can forbid the start of a run, whatever starts it. */
export const START_ERRORS = [
  'UNKNOWN_BODY_KEYS',
  'INVALID_IDEMPOTENCY_KEY',
  'INVALID_CONCURRENCY_GROUP',
  'RUN_DELETED',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_BODY',
] as const;

export const dryRunOrPlan = {
  name: 'dry_run',
  kind: 'choice',
  values: ['true', 'false', 'plan'],
  description: '`true`: checks everything, stores nothing, and answers 204. `plan`: answers what would happen.',
} as const satisfies QueryParameter;

export const STARTED = {
  201: {
    description: 'The run; with `Prefer: wait=N` as it is when it is over, or after N seconds.',
    schema: 'PipelineRun',
    headers: ['ETag', 'Idempotency-Replayed', 'Location', 'Preference-Applied'],
  },
  200: { description: 'With `dry_run=plan`: what would happen.', schema: 'RunPlan' },
  204: { description: 'A dry run found nothing wrong.' },
} as const satisfies Record<number, RouteResponse>;

export const runsRoutes = {
  createRun: {
    method: 'POST',
    path: RUNS,
    summary: 'Starts a run',
    permission: 'runs.start',
    load: 'pipeline',
    query: [dryRunOrPlan, version],
    headers: ['Prefer', 'Idempotency-Key'],
    body: { kind: 'json', schema: 'RunRequest' },
    responses: STARTED,
    errors: [...START_ERRORS, 'INVALID_INPUTS', 'NO_PIPELINE_CALL'],
  },
  cancelRun: {
    method: 'POST',
    path: `${RUN}/cancel`,
    summary: 'Ends a run that did not begin, or asks one that executes to end',
    permission: 'runs.cancel',
    load: 'run',
    query: [],
    headers: ['If-Match'],
    responses: { 204: { description: 'It is over, or was asked to end.' } },
    errors: ['RUN_IS_OVER', 'ETAG_MISMATCH'],
  },
  restartRun: {
    method: 'POST',
    path: `${RUN}/restart`,
    summary: 'Starts a run anew that is over',
    permission: 'runs.restart',
    load: 'run',
    query: [],
    headers: ['Idempotency-Key'],
    body: { kind: 'json', schema: 'RestartRequest', optional: true },
    responses: {
      201: {
        description: 'The new run.',
        schema: 'PipelineRun',
        headers: ['ETag', 'Idempotency-Replayed', 'Location'],
      },
    },
    errors: [...START_ERRORS, 'RUN_IS_NOT_OVER', 'CANNOT_RESTART', 'NO_PIPELINE_CALL', 'NO_SUCH_TRIGGER'],
  },
  deleteRun: {
    method: 'DELETE',
    path: RUN,
    summary: 'Deletes a run that is over, with its jobs, logs and approvals',
    permission: 'runs.delete',
    load: 'run',
    query: [],
    headers: ['If-Match'],
    responses: { 204: { description: 'It is gone.' } },
    errors: ['RUN_IS_NOT_OVER', 'ETAG_MISMATCH'],
  },
  listRunsInOrg: {
    method: 'GET',
    path: '/orgs/{org}/pipeline-runs',
    summary: 'Lists the runs of an org, the newest first',
    permission: 'org.read',
    load: 'nothing',
    query: [
      appFilter,
      { name: 'pipeline', kind: 'texts', description: 'Only of this pipeline. May be repeated.' },
      ...runFilters,
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineRun', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  listRuns: {
    method: 'GET',
    path: RUNS,
    summary: 'Lists the runs of a pipeline, the newest first',
    permission: 'runs.read',
    load: 'pipeline',
    query: [...runFilters, ...paging],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineRun', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  getRun: {
    method: 'GET',
    path: RUN,
    summary: 'Reads a run',
    permission: 'runs.read',
    load: 'run',
    query: [],
    headers: ['If-None-Match', 'Prefer'],
    responses: {
      200: { description: 'The run.', schema: 'PipelineRun', headers: ['ETag', 'Preference-Applied'] },
      304: { description: 'It is still the one that If-None-Match names.', headers: ['ETag', 'Preference-Applied'] },
    },
    errors: [],
  },
  listJobs: {
    method: 'GET',
    path: `${RUN}/jobs`,
    summary: 'Lists the jobs of a run in the order of the definition',
    permission: 'runs.read',
    load: 'run',
    query: [
      {
        name: 'status',
        kind: 'choices',
        values: ['pending', 'executing', 'succeeded', 'failed', 'cancelled', 'skipped'],
        description: 'Only jobs with this status. May be repeated.',
      },
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineJobPartial', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  getJob: {
    method: 'GET',
    path: JOB,
    summary: 'Reads a job with its steps and outputs',
    permission: 'runs.read',
    load: 'run',
    query: [],
    headers: [],
    responses: { 200: { description: 'The job.', schema: 'PipelineJob', headers: ['ETag'] } },
    errors: [],
  },
  listStepLogs: {
    method: 'GET',
    path: `${JOB}/steps/{step}/logs`,
    summary: 'Lists the log lines of a step, the oldest first',
    permission: 'runs.read',
    load: 'run',
    // Lines are short, and whoever reads a log wants many.
    query: [{ ...perPage, max: 1_000 }, page],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineStepLog', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
} as const satisfies Record<string, Route>;
