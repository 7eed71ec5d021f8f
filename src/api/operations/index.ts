import { createBatches } from '../artefacts/batches.ts';
import type { ApiDependencies, Operations } from '../operation.ts';
import { approve, deny, getApproval, listApprovals } from './approvals.ts';
import { createArtefactVersion, getBatch } from './artefacts.ts';
import { cancelRun } from './cancel-run.ts';
import { createPipeline } from './create-pipeline.ts';
import { createRun } from './create-run.ts';
import { deletePipeline } from './delete-pipeline.ts';
import { deleteRun } from './delete-run.ts';
import { getInputsSchema } from './get-inputs-schema.ts';
import { getJob } from './get-job.ts';
import { getLanguageSchema } from './get-language-schema.ts';
import { getPipeline } from './get-pipeline.ts';
import { getPipelineSchema } from './get-pipeline-schema.ts';
import { getRun } from './get-run.ts';
import { getHealth } from './health.ts';
import { administrationLater } from './later.ts';
import { listJobs } from './list-jobs.ts';
import { listPipelineVersions } from './list-pipeline-versions.ts';
import { listPipelines, listPipelinesInOrg } from './list-pipelines.ts';
import { listRuns, listRunsInOrg } from './list-runs.ts';
import { listStepLogs } from './list-step-logs.ts';
import { getOpenApi } from './openapi.ts';
import { postCallback } from './post-callback.ts';
import { restartRun } from './restart-run.ts';
import { updatePipeline } from './update-pipeline.ts';

/** The function of each row of the route table. A row without one does not compile. */
export function createOperations(given: ApiDependencies): Operations {
  const dependencies: ApiDependencies = { ...given, settleBatch: createBatches(given).settleBatch };
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
    getLanguageSchema: getLanguageSchema(dependencies),
    postCallback: postCallback(dependencies),
    createRun: createRun(dependencies),
    createArtefactVersion: createArtefactVersion(dependencies),
    getBatch: getBatch(dependencies),
    cancelRun: cancelRun(dependencies),
    restartRun: restartRun(dependencies),
    deleteRun: deleteRun(dependencies),
    listApprovals: listApprovals(dependencies),
    getApproval: getApproval(dependencies),
    approve: approve(dependencies),
    deny: deny(dependencies),
    listRunsInOrg: listRunsInOrg(dependencies),
    listRuns: listRuns(dependencies),
    getRun: getRun(dependencies),
    listJobs: listJobs(dependencies),
    getJob: getJob(dependencies),
    listStepLogs: listStepLogs(dependencies),
    ...administrationLater(dependencies),
  };
}
