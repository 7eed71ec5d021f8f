import type { Json, JsonObject } from '../../json.ts';
import type { Job, Pipeline } from '../../language/pipeline.ts';
import { jobsContext, pipelineContext, stepsContext } from '../../run/contexts.ts';
import { hasEnded, type JobRecord } from '../../store/jobs.ts';
import type { RunRecord } from '../../store/runs.ts';
import type { Known } from './foresee.ts';

/** What the expressions of a job's steps can be told now. */
export type RunNow = {
  readonly run: RunRecord;
  readonly pipeline: Pipeline;
  readonly records: ReadonlyMap<number, JobRecord>;
  /** As they are stored: secrets are masked. */
  readonly inputs: JsonObject;
  /** Plain values of the app; empty for who may not read them. */
  readonly values: JsonObject;
};

export function knownFor({ run, pipeline, records, inputs, values }: RunNow, job: Job): Known {
  const begun = records.get(job.index);
  const byId = new Map(pipeline.jobs.map(one => [one.id, records.get(one.index)]));
  const declared = Object.entries(pipeline.triggers.pipeline_call?.inputs ?? {});
  const secrets = new Set(declared.flatMap(([name, { secret }]) => (secret === true ? [name.toLowerCase()] : [])));
  const ended = endedFor(job, byId, begun);
  const contexts: Readonly<Record<string, Json>> = {
    inputs,
    pipeline: pipelineContext(run, pipeline, ''),
    app: { values },
    needs: jobsContext(job.needs, id => byId.get(id)),
    steps: begun === undefined ? {} : stepsContext(job, begun),
  };
  return {
    contexts,
    isKnown({ context, segments }) {
      const [first, second] = segments.map(({ name }) => name.toLowerCase());
      switch (context) {
        case 'inputs':
          return first === undefined ? secrets.size === 0 : !secrets.has(first);
        // The address of the run is that of whoever executes it.
        case 'pipeline':
          return first !== undefined && (first !== 'run' || (second !== undefined && second !== 'url'));
        // A secret one, and one that may still be set, is seen when the step begins.
        case 'app':
          return second !== undefined && Object.keys(values).some(key => key.toLowerCase() === second);
        case 'needs':
          return first !== undefined && ended.needs.has(first);
        case 'steps':
          return first !== undefined && ended.steps.has(first);
        case 'jobs':
        case 'event':
          return false;
      }
    },
  };
}

/** Ids, in lower case: contexts are read without regard to it. */
function endedFor(job: Job, byId: ReadonlyMap<string, JobRecord | undefined>, begun: JobRecord | undefined) {
  const needs = job.needs.filter(id => hasEnded(byId.get(id)?.status ?? 'pending'));
  const steps = job.steps.flatMap(step =>
    step.id !== undefined && begun?.steps[step.index]?.completedAt !== undefined ? [step.id] : [],
  );
  return {
    needs: new Set(needs.map(id => id.toLowerCase())),
    steps: new Set(steps.map(id => id.toLowerCase())),
  };
}
