import type { Json, JsonSchema } from '../../json.ts';
import type { Pipeline } from '../pipeline.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import type { Place } from '../shape/shape.ts';
import { RUN_OUTPUT_CONTEXTS } from '../shape/templates.ts';
import { notYet, text } from '../shape/values.ts';
import { defaultTimeout } from './default-timeout.ts';
import { type JobRead, job } from './job.ts';
import { metadata } from './metadata.ts';
import { outputs } from './outputs.ts';
import { wholeMinutes } from './timeout-minutes.ts';
import { triggers } from './triggers.ts';

/** As Humanitec has it, said so that checking takes linear time: `^[a-z0-9](?:-?[a-z0-9]+)+$`. */
const ID = {
  pattern: /^(?=.{2,50}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
  words: 'lower-case letters and digits with single `-` between them, 2 to 50 characters',
};

const CONCURRENCY: JsonSchema = {
  type: 'object',
  properties: {
    group: { type: 'string' },
    'cancel-in-progress': { type: 'boolean' },
    limit: { type: 'integer', minimum: 1, maximum: 20 },
  },
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
  concurrency: { shape: notYet('`concurrency`', CONCURRENCY), description: 'Runs of one group exclude each other.' },
  permissions: { shape: notYet('`permissions`', { type: 'object' }), description: 'Who a run acts as.' },
} as const;

/** The JSON Schema of the language, from the same tables as its checks. */
export function definitionSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Pipecall pipeline',
    ...fieldsSchema(FIELDS),
  };
}

export type DefinitionRead = { readonly pipeline: Pipeline; readonly jobs: readonly JobRead[] };

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
  };
  return { pipeline, jobs };
}
