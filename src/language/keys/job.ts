import type { Json } from '../../json.ts';
import type { Job } from '../pipeline.ts';
import { listOf } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { condition, JOB_CONTEXTS, orExpression, STEP_CONTEXTS } from '../shape/templates.ts';
import { flag, text } from '../shape/values.ts';
import { type Need, needs } from './needs.ts';
import { outputs } from './outputs.ts';
import { step } from './step.ts';
import { wholeMinutes } from './timeout-minutes.ts';

const FIELDS = {
  name: { shape: text({ min: 1 }), description: 'For people. Default: the id of the job.' },
  needs: { shape: needs, description: 'The jobs that have to end before; only these can be read as `needs.<id>`.' },
  if: {
    shape: condition(JOB_CONTEXTS),
    description:
      'When the job runs; asked when all its needs have ended. `success()` is implied unless a status function is named.',
  },
  steps: {
    shape: listOf({ schema: { $ref: '#/$defs/step' }, read: readStepAt }, { min: 1, max: 100, noun: 'step' }),
    required: true,
    description: 'What the job does, in order.',
  },
  outputs: { shape: outputs(STEP_CONTEXTS), description: 'What other jobs can read as `needs.<id>.outputs.<name>`.' },
  'timeout-minutes': {
    shape: orExpression(wholeMinutes, JOB_CONTEXTS),
    description: 'How long the job may take. Default: what the run has left.',
  },
  'continue-on-error': {
    shape: orExpression(flag, JOB_CONTEXTS),
    description: 'Whether the run can succeed and dependants start although this job failed.',
  },
} as const;

/** A job with the places of its needs, for the checks that see all jobs. */
export type JobRead = { readonly job: Job; readonly needs: readonly Need[]; readonly place: Place };

export const job: Shape<JobRead> = { schema: fieldsSchema(FIELDS), read: readJob };

function readJob(value: Json | undefined, place: Place): JobRead {
  const id = String(place.path.at(-1));
  const fields = readFields(FIELDS, 'a job', value, { ...place, site: { job: id } });
  const timeout = fields['timeout-minutes'];
  const continueOnError = fields['continue-on-error'];
  reportDoubleIds(fields.steps, place);
  const read: Job = {
    id,
    index: 0,
    name: fields.name ?? id,
    needs: [...new Set(fields.needs.map(need => need.job))],
    if: fields.if,
    steps: fields.steps,
    outputs: fields.outputs,
    ...(timeout === undefined ? {} : { timeoutMinutes: timeout }),
    ...(continueOnError === undefined ? {} : { continueOnError }),
  };
  return { job: read, needs: fields.needs, place };
}

/** The index of a step is where its expressions look back from. */
function readStepAt(value: Json | undefined, place: Place): Job['steps'][number] {
  return step.read(value, { ...place, site: { ...place.site, step: Number(place.path.at(-1)) } });
}

function reportDoubleIds(steps: Job['steps'], place: Place): void {
  const first = new Map<string, number>();
  for (const { id, index } of steps) {
    if (id === undefined) continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      const message = `step ${before + 1} of this job has the id \`${id}\` already; ids are unique in a job`;
      report(inside(inside(inside(place, 'steps'), index), 'id'), { code: 'DUPLICATE_ID', message });
    }
  }
}
