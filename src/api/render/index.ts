export { renderApproval } from './approval.ts';
export { checkIfMatch, namesEtag, replyEntity, withMore } from './entity.ts';
export { type JobView, jobViews, renderJob, renderJobWithSteps, statusOf } from './job.ts';
export { renderPipeline, renderVersion } from './pipeline.ts';
export { renderRun } from './run.ts';
export { makeSchema, replySchema } from './schema.ts';
