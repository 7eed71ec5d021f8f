import type { Json, JsonSchema } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import type { PipelineCall, Triggers } from '../pipeline.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { type Place, report, type Shape } from '../shape/shape.ts';
import { notYet } from '../shape/values.ts';
import { input } from './input.ts';

/** More than a form or a person can fill in. */
const MAX_INPUTS = 200;

const declared = mapOf(input, { max: MAX_INPUTS, noun: 'input' }, NAME);

const CALL = {
  inputs: {
    shape: {
      schema: declared.schema,
      read: (value: Json | undefined, place: Place) => declared.read(value ?? undefined, place),
    },
    description: 'What a caller gives: name → declaration.',
  },
} as const;

/** Null, `{}` and `{inputs: {}}` say the same: it can be called, without inputs. */
const pipelineCall: Shape<PipelineCall | undefined> = {
  schema: { ...fieldsSchema(CALL), type: ['object', 'null'] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    const { inputs } = readFields(CALL, '`pipeline_call`', value ?? {}, place);
    return { inputs: Object.fromEntries(inputs) };
  },
};

const LATER: JsonSchema = { type: ['object', 'null'] };

const FIELDS = {
  pipeline_call: { shape: pipelineCall, description: 'Started by a request to the API, with inputs.' },
  event: { shape: notYet('the trigger `event`', LATER), description: 'Started by an event on the bus.' },
  deployment_request: {
    shape: notYet('the trigger `deployment_request`', LATER),
    description: 'Started by a request to deploy.',
  },
  artefact: { shape: notYet('the trigger `artefact`', LATER), description: 'Started by a new version of an artefact.' },
} as const;

export const triggers: Shape<Triggers> = {
  schema: { ...fieldsSchema(FIELDS), minProperties: 1 },
  read: (value, place) => {
    const { pipeline_call } = readFields(FIELDS, '`on`', value, place);
    if (isMap(value) && Object.keys(value).length === 0) {
      report(place, {
        code: 'INVALID_VALUE',
        message: '`on` needs at least one trigger; for a pipeline that the API starts write `pipeline_call: {}`',
      });
    }
    return pipeline_call === undefined ? {} : { pipeline_call };
  },
};
