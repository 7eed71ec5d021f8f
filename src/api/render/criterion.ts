import type { CriterionRecord } from '../../store/criteria.ts';
import type { PipelineRecord } from '../../store/pipelines.ts';

export function criterionView({ id, app, match }: CriterionRecord, pipeline: PipelineRecord) {
  return {
    id,
    trigger: 'deployment_request',
    pipeline_id: pipeline.pipeline,
    pipeline_name: pipeline.name,
    app_id: app,
    env_id: match.envId,
    env_type: match.envType,
    deployment_type: match.deploymentType,
  };
}
