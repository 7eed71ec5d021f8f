import type { ApiDependencies, Operations } from '../operation.ts';
import { createPipeline } from './create-pipeline.ts';
import { createRun } from './create-run.ts';
import { deletePipeline } from './delete-pipeline.ts';
import { getInputsSchema } from './get-inputs-schema.ts';
import { getJob } from './get-job.ts';
import { getLanguageSchema } from './get-language-schema.ts';
import { getPipeline } from './get-pipeline.ts';
import { getPipelineSchema } from './get-pipeline-schema.ts';
import { getRun } from './get-run.ts';
import { getHealth } from './health.ts';
import { listJobs } from './list-jobs.ts';
import { listPipelineVersions } from './list-pipeline-versions.ts';
import { listPipelines, listPipelinesInOrg } from './list-pipelines.ts';
import { listRuns, listRunsInOrg } from './list-runs.ts';
import { listStepLogs } from './list-step-logs.ts';
import { getOpenApi } from './openapi.ts';
import { updatePipeline } from './update-pipeline.ts';

/** The function of each row of the route table. A row without one does not compile. */
export function createOperations(dependencies: ApiDependencies): Operations {
  return {
    getHealth,
    getOpenApi,
    listPipelinesInOrg: listPipelinesInOrg(dependencies),
    listPipelines: listPipelines(dependencies),
    createPipeline: createPipeline(dependencies),
    getPipeline: getPipeline(dependencies),
    updatePipeline: updatePipeline(dependencies),
    deletePipeline: deletePipeline(dependencies),
    listPipelineVersions: listPipelineVersions(dependencies),
    getPipelineSchema: getPipelineSchema(dependencies),
    getInputsSchema: getInputsSchema(dependencies),
    getLanguageSchema,
    createRun: createRun(dependencies),
    listRunsInOrg: listRunsInOrg(dependencies),
    listRuns: listRuns(dependencies),
    getRun: getRun(dependencies),
    listJobs: listJobs(dependencies),
    getJob: getJob(dependencies),
    listStepLogs: listStepLogs(dependencies),
  };
}
