import type { JsonObject } from '../json.ts';
import type { Job, Pipeline } from '../language/pipeline.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { RunRecord } from '../store/runs.ts';

/** What of a run is known before it is there. */
export type StartedAs = Pick<
  RunRecord,
  'org' | 'app' | 'pipeline' | 'run' | 'version' | 'runAs' | 'createdBy' | 'trigger'
>;

export function pipelineContext(run: StartedAs, pipeline: Pipeline, url: string): JsonObject {
  return {
    id: run.pipeline,
    name: pipeline.name,
    version: run.version,
    org: { id: run.org },
    app: { id: run.app },
    run: { id: run.run, run_as: run.runAs, created_by: run.createdBy, trigger: run.trigger, url },
  };
}

/** `needs.<id>` or `jobs.<id>`: the status and the outputs of jobs that have ended. */
export function jobsContext(
  ids: readonly string[],
  recordOf: (id: string) => Pick<JobRecord, 'status' | 'outputs'> | undefined,
): JsonObject {
  return Object.fromEntries(
    ids.map(id => {
      const record = recordOf(id);
      return [id, { status: record?.status ?? 'pending', outputs: record?.outputs ?? {} }];
    }),
  );
}

/** `steps.<id>` of the steps that have ended. */
export function stepsContext(job: Job, record: JobRecord): JsonObject {
  const entries: [string, JsonObject][] = [];
  for (const step of job.steps) {
    const known = record.steps[step.index];
    if (step.id === undefined || known?.completedAt === undefined) continue;
    entries.push([step.id, { status: known.status, outputs: known.outputs ?? {} }]);
  }
  return Object.fromEntries(entries);
}
