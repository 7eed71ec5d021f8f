import type { Route } from '../route.ts';
import { dryRunOrPlan, START_ERRORS, STARTED } from './runs.ts';
import { APP, badBody, PIPELINE, paging } from './shared.ts';

const CRITERIA = `${PIPELINE}/criteria` as const;
const CRITERION = `${CRITERIA}/{criterion}` as const;

export const criteriaRoutes = {
  listCriteria: {
    method: 'GET',
    path: `${APP}/pipeline-criteria`,
    summary: 'Lists which deployment requests start which pipelines of an app',
    permission: 'criteria.read',
    load: 'app',
    query: [
      { name: 'pipeline', kind: 'text', description: 'Only of this pipeline.' },
      {
        name: 'match',
        kind: 'map',
        description:
          'Only criteria with this value (`*`: with none) under this key: trigger, env_id, env_type, app_id, deployment_type.',
      },
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'PipelineCriteria', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  createCriterion: {
    method: 'POST',
    path: CRITERIA,
    summary: 'Lets deployment requests that it matches start the pipeline',
    permission: 'criteria.create',
    load: 'pipeline',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'PipelineCriteriaRequest' },
    responses: { 201: { description: 'The criterion.', schema: 'PipelineCriteria', headers: ['Location'] } },
    errors: [...badBody, 'CRITERIA_EXIST', 'NO_SUCH_TRIGGER', 'UNKNOWN_ENV_TYPE'],
  },
  getCriterion: {
    method: 'GET',
    path: CRITERION,
    summary: 'Reads a criterion',
    permission: 'criteria.read',
    load: 'pipeline',
    query: [],
    headers: [],
    responses: { 200: { description: 'The criterion.', schema: 'PipelineCriteria' } },
    errors: [],
  },
  deleteCriterion: {
    method: 'DELETE',
    path: CRITERION,
    summary: 'Deletes a criterion',
    permission: 'criteria.delete',
    load: 'pipeline',
    query: [],
    headers: [],
    responses: { 204: { description: 'It is gone.' } },
    errors: [],
  },
  createRunByCriteria: {
    method: 'POST',
    path: `${APP}/pipeline-runs`,
    summary: 'Starts a run of the pipeline whose criterion matches the request best',
    permission: 'runs.start',
    load: 'app',
    query: [dryRunOrPlan],
    headers: ['Prefer', 'Idempotency-Key'],
    body: { kind: 'json', schema: 'RunByCriteriaRequest' },
    responses: STARTED,
    errors: [...START_ERRORS, 'INVALID_INPUTS', 'NO_MATCHING_CRITERIA', 'NO_SUCH_TRIGGER'],
  },
} as const satisfies Record<string, Route>;
