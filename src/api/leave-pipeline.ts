import type { Table } from '../ports/table.ts';
import { dropArtefactPipeline } from '../store/artefact-pipelines.ts';
import { deleteBatch } from '../store/batches.ts';
import { deleteCriteriaOf } from '../store/criteria.ts';
import type { PipelineRecord } from '../store/pipelines.ts';

/**
 * What goes with a pipeline that was deleted. All of it names the pipeline with the time of its creation and counts for
 * nothing without it, so what a crash leaves costs space only.
 */
export async function leavePipeline(table: Table, pipeline: PipelineRecord): Promise<void> {
  await deleteCriteriaOf(table, pipeline);
  await deleteBatch(table, pipeline);
  await dropArtefactPipeline(table, pipeline);
}
