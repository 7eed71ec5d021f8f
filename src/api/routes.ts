import type { QueryParameter, Route, RouteResponse } from './route.ts';

/**
 * The route table: every operation of the API, as data and nothing else (the CDK stack imports it). A new operation is a
 * row here and a function in `operations/`; without a permission, or without the function, it does not compile.
 */
const PIPELINES = '/orgs/{org}/apps/{app}/pipelines';
const PIPELINE = `${PIPELINES}/{pipeline}` as const;
const RUNS = `${PIPELINE}/runs` as const;
const RUN = `${RUNS}/{run}` as const;
const JOB = `${RUN}/jobs/{job}` as const;

const paging = [
  {
    name: 'per_page',
    kind: 'count',
    min: 1,
    max: 100,
    default: 50,
    description: 'How many entries a page has at the most.',
  },
  { name: 'page', kind: 'text', description: 'Where to go on; taken from the Link header of the page before.' },
] as const satisfies readonly QueryParameter[];

const dryRun = {
  name: 'dry_run',
  kind: 'flag',
  description: 'Checks everything, stores nothing, and answers 204.',
} as const satisfies QueryParameter;

const version = {
  name: 'version',
  kind: 'text',
  description: 'Id of a saved version, instead of the current one.',
} as const satisfies QueryParameter;

const pipelineFilters = [
  { name: 'trigger', kind: 'text', description: 'Only pipelines that have this trigger.' },
  { name: 'metadata', kind: 'map', description: 'Only pipelines whose metadata has this value under this key.' },
] as const satisfies readonly QueryParameter[];

const appFilter = {
  name: 'app',
  kind: 'texts',
  description: 'Only of this app. May be repeated.',
} as const satisfies QueryParameter;

const runFilters = [
  {
    name: 'status',
    kind: 'choices',
    values: ['queued', 'executing', 'succeeded', 'failed', 'cancelled'],
    description: 'Only runs with this status. May be repeated.',
  },
  { name: 'completed', kind: 'flag', description: 'Only runs that are over, or only those that are not.' },
  { name: 'created_after', kind: 'time', description: 'Only runs created at this time or later.' },
  { name: 'created_before', kind: 'time', description: 'Only runs created before this time.' },
] as const satisfies readonly QueryParameter[];

const schemaResponses = {
  200: { description: 'The schema.', schema: 'JsonSchema', type: 'application/schema+json', headers: ['ETag'] },
  304: { description: 'It is still the one that If-None-Match names.', headers: ['ETag'] },
} as const satisfies Record<number, RouteResponse>;

export const routes = {
  getHealth: {
    method: 'GET',
    path: '/healthz',
    summary: 'Says that the API answers',
    permission: 'none',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'It does.', schema: 'Health' } },
    errors: [],
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Describes this API as OpenAPI 3.1',
    permission: 'none',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'The document.', schema: 'OpenApiDocument' } },
    errors: [],
  },
  listPipelinesInOrg: {
    method: 'GET',
    path: '/orgs/{org}/pipelines',
    summary: 'Lists the pipelines of an org, the newest first',
    permission: 'pipelines.read',
    load: 'nothing',
    query: [appFilter, ...pipelineFilters, ...paging],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'Pipeline', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  listPipelines: {
    method: 'GET',
    path: PIPELINES,
    summary: 'Lists the pipelines of an app, the newest first',
    permission: 'pipelines.read',
    load: 'app',
    query: [...pipelineFilters, ...paging],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'Pipeline', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  createPipeline: {
    method: 'POST',
    path: PIPELINES,
    summary: 'Creates a pipeline from a definition',
    permission: 'pipelines.create',
    load: 'app',
    query: [dryRun],
    headers: [],
    body: { kind: 'definition' },
    responses: {
      201: { description: 'Created.', schema: 'Pipeline', headers: ['ETag', 'Location'] },
      204: { description: 'A dry run found nothing wrong.' },
    },
    errors: ['INVALID_DEFINITION', 'PIPELINE_ID_TAKEN'],
  },
  getPipeline: {
    method: 'GET',
    path: PIPELINE,
    summary: 'Reads a pipeline',
    permission: 'pipelines.read',
    load: 'pipeline',
    query: [version],
    headers: [],
    responses: { 200: { description: 'The pipeline.', schema: 'Pipeline', headers: ['ETag'] } },
    errors: [],
  },
  updatePipeline: {
    method: 'PATCH',
    path: PIPELINE,
    summary: 'Replaces the definition of a pipeline; each change is a new version',
    permission: 'pipelines.update',
    load: 'pipeline',
    query: [dryRun],
    headers: ['If-Match'],
    body: { kind: 'definition' },
    responses: {
      200: { description: 'The pipeline as it is now.', schema: 'Pipeline', headers: ['ETag'] },
      204: { description: 'A dry run found nothing wrong.' },
    },
    errors: ['INVALID_DEFINITION', 'PIPELINE_ID_MISMATCH', 'CHANGED_MEANWHILE', 'ETAG_MISMATCH'],
  },
  deletePipeline: {
    method: 'DELETE',
    path: PIPELINE,
    summary: 'Deletes a pipeline; its runs stay readable until they expire',
    permission: 'pipelines.delete',
    load: 'pipeline',
    query: [],
    headers: ['If-Match'],
    responses: { 204: { description: 'Deleted.' } },
    errors: ['PIPELINE_HAS_OPEN_RUNS', 'CHANGED_MEANWHILE', 'ETAG_MISMATCH'],
  },
  listPipelineVersions: {
    method: 'GET',
    path: `${PIPELINE}/versions`,
    summary: 'Lists the versions of a pipeline, the newest first',
    permission: 'pipelines.read',
    load: 'pipeline',
    query: paging,
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineVersion', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  getPipelineSchema: {
    method: 'GET',
    path: `${PIPELINE}/schema`,
    summary: 'Reads the definition, byte for byte as it was uploaded, or as JSON',
    permission: 'pipelines.read',
    load: 'pipeline',
    query: [version],
    headers: ['Accept'],
    responses: { 200: { description: 'The definition.', schema: 'Definition', definition: true } },
    errors: [],
  },
  getInputsSchema: {
    method: 'GET',
    path: `${PIPELINE}/inputs-schema`,
    summary: 'Reads what a run takes, as the JSON Schema of the inputs of pipeline_call',
    permission: 'pipelines.read',
    load: 'pipeline',
    query: [version],
    headers: ['If-None-Match'],
    responses: schemaResponses,
    errors: ['NO_PIPELINE_CALL'],
  },
  getLanguageSchema: {
    method: 'GET',
    path: '/orgs/{org}/pipeline-schemas/latest',
    summary: 'Reads the JSON Schema of the pipeline language, for completion in an editor',
    permission: 'pipelines.read',
    load: 'nothing',
    query: [],
    headers: ['If-None-Match'],
    responses: schemaResponses,
    errors: [],
  },
  createRun: {
    method: 'POST',
    path: RUNS,
    summary: 'Starts a run',
    permission: 'runs.start',
    load: 'pipeline',
    query: [
      {
        name: 'dry_run',
        kind: 'choice',
        values: ['true', 'false', 'plan'],
        description: '`true`: checks everything, stores nothing, and answers 204. `plan` is not supported yet.',
      },
      version,
    ],
    headers: ['Prefer', 'Idempotency-Key'],
    body: { kind: 'json', schema: 'RunRequest' },
    responses: {
      201: {
        description: 'The run; with `Prefer: wait=N` as it is when it is over, or after N seconds.',
        schema: 'PipelineRun',
        headers: ['ETag', 'Location', 'Preference-Applied'],
      },
      204: { description: 'A dry run found nothing wrong.' },
    },
    errors: ['UNKNOWN_BODY_KEYS', 'INVALID_INPUTS', 'NOT_SUPPORTED_YET', 'NO_PIPELINE_CALL', 'INVALID_BODY'],
  },
  listRunsInOrg: {
    method: 'GET',
    path: '/orgs/{org}/pipeline-runs',
    summary: 'Lists the runs of an org, the newest first',
    permission: 'runs.read',
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
    query: paging,
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineStepLog', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof routes;
