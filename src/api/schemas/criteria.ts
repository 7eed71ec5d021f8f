import type { JsonSchema } from '../../json.ts';
import { choice, object, text } from './shapes.ts';

const FOR_ENV = 'Only requests for this environment.';
const FOR_TYPE = 'Only requests for environments of this type.';
const FOR_DEPLOYMENT =
  'Only requests that name a delta or a set (`deploy`), or only those that name a deployment of before (`re-deploy`; in a request also `redeploy`).';

const orNull = (description: string): JsonSchema => ({ type: ['string', 'null'], maxLength: 1_000, description });

export const criteriaSchemas = {
  PipelineCriteria: object(
    'Deployment requests that it matches start the pipeline. The most specific one of an app wins.',
    {
      id: text('Id of the criterion.'),
      trigger: choice(['deployment_request'], 'What it is about.'),
      pipeline_id: text('Id of the pipeline.'),
      pipeline_name: text('Its name.'),
      app_id: text('Id of the app of the pipeline.'),
    },
    {
      env_id: text(FOR_ENV),
      env_type: text(FOR_TYPE),
      deployment_type: choice(['deploy', 're-deploy'], FOR_DEPLOYMENT),
    },
  ),
  PipelineCriteriaRequest: object(
    'A new criterion. What is absent, null or `*` matches anything.',
    {},
    {
      trigger: choice(['deployment_request'], 'What it is about; there is no other.'),
      env_id: orNull(`${FOR_ENV} It need not be known here.`),
      env_type: orNull(`${FOR_TYPE} The org has to have the type.`),
      app_id: orNull('Id of the app of the pipeline, or nothing.'),
      deployment_type: orNull(FOR_DEPLOYMENT),
    },
  ),
  RunByCriteriaRequest: object(
    'A deployment request. It names exactly one of `delta_id`, `set_id` and `deployment_id`.',
    {},
    {
      trigger: choice(['deployment_request'], 'What it is; there is no other.'),
      env_id: orNull('The environment to deploy to.'),
      environment: orNull('The former name of `env_id`.'),
      delta_id: orNull('Deploys this delta.'),
      set_id: orNull('Deploys this set.'),
      deployment_id: orNull('Deploys again what this deployment of before deployed.'),
      value_set_version_id: orNull('The version of the values, with `delta_id` or `set_id` only.'),
      comment: orNull('Of the deployment.'),
      mode: orNull('How it is deployed; what it means is up to the pipeline.'),
    },
  ),
} as const satisfies Record<string, JsonSchema>;
