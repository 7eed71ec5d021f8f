import { getJob as readJob } from '../../store/jobs.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderJobWithSteps, replyEntity } from '../render/index.ts';
import { NOT_FOUND } from '../reply.ts';
import { definitionOfRun } from '../version.ts';

export const getJob =
  (dependencies: ApiDependencies): Operation<'getJob'> =>
  async ({ loaded: run, params }) => {
    const { pipeline } = await definitionOfRun(dependencies, run);
    const job = pipeline.jobs.find(candidate => candidate.id === params.job);
    if (job === undefined) return NOT_FOUND;
    const record = await readJob(dependencies.table, run.run, job.index);
    return replyEntity(200, renderJobWithSteps({ run, job, record }));
  };
