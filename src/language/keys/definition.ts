import type { Json, JsonSchema } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import type { Pipeline } from '../pipeline.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import type { ExpressionUse, Place } from '../shape/shape.ts';
import { RUN_OUTPUT_CONTEXTS } from '../shape/templates.ts';
import { text } from '../shape/values.ts';
import { type KnownActions, stepWithActions } from './action-steps.ts';
import { concurrency } from './concurrency.ts';
import { defaultTimeout } from './default-timeout.ts';
import { type JobRead, job } from './job.ts';
import { metadata } from './metadata.ts';
import { outputs } from './outputs.ts';
import { permissions } from './permissions.ts';
import { step } from './step.ts';
import { wholeMinutes } from './timeout-minutes.ts';
import { triggers } from './triggers.ts';

/** As Humanitec has it, said so that checking takes linear time: `^[a-z0-9](?:-?[a-z0-9]+)+$`. */
const ID = {
  pattern: /^(?=.{2,50}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
  words: 'lower-case letters and digits with single `-` between them, 2 to 50 characters',
};

const FIELDS = {
  name: { shape: text({ min: 1, max: 200 }), required: true, description: 'Shown to people.' },
  on: { shape: triggers, required: true, description: 'What starts the pipeline; one trigger or more.' },
  jobs: {
    shape: mapOf(job, { min: 1, max: 100, noun: 'job' }, NAME),
    required: true,
    description: 'What the pipeline does: job id → job. Jobs run at the same time unless `needs` orders them.',
  },
  id: {
    shape: text({ form: ID }),
    description: 'The id in paths of the API. Default: a UUID. Fixed once the pipeline is created.',
  },
  metadata: { shape: metadata, description: 'Free texts by name; lists can be filtered by them.' },
  'timeout-minutes': {
    shape: wholeMinutes,
    description:
      'A run that takes longer is cancelled. Default: 60, or the longest chain of job time-outs if that is larger.',
  },
  outputs: { shape: outputs(RUN_OUTPUT_CONTEXTS), description: 'Outputs of the run, from `jobs.<id>.outputs.<name>`.' },
  concurrency: {
    shape: concurrency,
    description: 'Runs of one group exclude each other; later ones are queued, first in, first out.',
  },
  permissions: {
    shape: permissions,
    description: 'Who a run acts as. Default: whoever started it.',
  },
} as const;

/** The JSON Schema of the language, from the same tables as its checks. Without `known`, any action will do. */
export function definitionSchema(known?: KnownActions): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Pipecall pipeline',
    ...fieldsSchema(FIELDS),
    $defs: { step: known === undefined ? step.schema : stepWithActions(step.schema, known) },
  };
}

export type DefinitionRead = {
  readonly pipeline: Pipeline;
  readonly jobs: readonly JobRead[];
  /** `permissions` is there and malformed: what it means, nobody knows. */
  readonly isIdentityUnknown: boolean;
};

export function readDefinition(value: Json, place: Place): DefinitionRead {
  const fields = readFields(FIELDS, 'a pipeline', value, place);
  const jobs = fields.jobs.map(([, read], index) => ({ ...read, job: { ...read.job, index } }));
  const all = jobs.map(read => read.job);
  const pipeline: Pipeline = {
    ...(fields.id === undefined ? {} : { id: fields.id }),
    name: fields.name ?? '',
    metadata: fields.metadata,
    triggers: fields.on,
    jobs: all,
    outputs: fields.outputs,
    timeoutMinutes: fields['timeout-minutes'] ?? defaultTimeout(all),
    ...(fields.concurrency === undefined ? {} : { concurrency: fields.concurrency }),
    ...(fields.permissions === undefined ? {} : { permissions: fields.permissions }),
    ...(place.reading.uses.some(readsApp) ? { readsAppValues: true } : {}),
  };
  const isIdentityUnknown = fields.permissions === undefined && isMap(value) && value.permissions !== undefined;
  return { pipeline, jobs, isIdentityUnknown };
}

function readsApp({ expression }: ExpressionUse): boolean {
  return expression.references.some(({ context }) => context === 'app');
}
