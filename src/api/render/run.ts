import type { Table } from '../../ports/table.ts';
import { type RunRecord, readStoredText } from '../../store/runs.ts';
import { createQueuePositions, type QueuePositions } from '../queue-positions.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

/** Inputs and outputs are JSON text already and are not parsed on their way out. */
export async function renderRun(
  table: Table,
  run: RunRecord,
  positions: QueuePositions = createQueuePositions(table),
): Promise<Entity> {
  const queued = run.group === undefined ? undefined : await positions(run);
  const shown = queued === undefined ? run : { ...run, waitingFor: { ...run.waitingFor, run: queued } };
  if ('text' in run.inputs && (run.outputs === undefined || 'text' in run.outputs)) {
    return entityOf(shown, run.inputs.text, run.outputs?.text);
  }
  const [inputs, outputs] = await Promise.all([
    readStoredText(table, run.run, 'inputs', run.inputs),
    run.outputs === undefined ? undefined : readStoredText(table, run.run, 'outputs', run.outputs),
  ]);
  return entityOf(shown, inputs, outputs);
}

function entityOf(run: RunRecord, inputs: string, outputs: string | undefined): Entity {
  const head = JSON.stringify({
    id: run.run,
    org_id: run.org,
    app_id: run.app,
    env_ids: run.envIds,
    pipeline_id: run.pipeline,
    pipeline_version: run.version,
    status: run.status,
    status_message: run.message,
    created_at: formatTime(run.createdAt),
    created_by: run.createdBy,
    executing_at: optionalTime(run.executingAt),
    cancellation_requested_at: optionalTime(run.cancellationRequestedAt),
    completed_at: optionalTime(run.completedAt),
    timeout_seconds: run.timeoutSeconds,
    trigger: run.trigger,
    run_as: run.runAs,
    concurrency_group: run.group?.name,
    waiting_for: run.waitingFor,
    called_by: callerOf(run),
  });
  const more = outputs === undefined ? '' : `,"outputs":${outputs}`;
  return makeEntity(`${head.slice(0, -1)},"inputs":${inputs}${more}}`);
}

const optionalTime = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : formatTime(time);

const callerOf = ({ calledBy }: RunRecord) =>
  calledBy === undefined
    ? undefined
    : {
        app_id: calledBy.app,
        pipeline_id: calledBy.pipeline,
        run_id: calledBy.run,
        job_id: calledBy.job,
        step_index: calledBy.step,
      };
