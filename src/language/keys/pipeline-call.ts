import type { Json } from '../../json.ts';
import type { PipelineCall } from '../pipeline.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import type { Place, Shape } from '../shape/shape.ts';
import { input } from './input.ts';

/** More than a form or a person can fill in. */
export const MAX_INPUTS = 200;

const declared = mapOf(input, { max: MAX_INPUTS, noun: 'input' }, NAME);

const FIELDS = {
  inputs: {
    shape: {
      schema: { ...declared.schema, type: ['object', 'null'] },
      read: (value: Json | undefined, place: Place) => declared.read(value ?? undefined, place),
    },
    description: 'What a caller gives: name → declaration.',
  },
} as const;

/** Null, `{}` and `{inputs: {}}` say the same: it can be called, without inputs. */
export const pipelineCall: Shape<PipelineCall | undefined> = {
  schema: { ...fieldsSchema(FIELDS), type: ['object', 'null'] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    const { inputs } = readFields(FIELDS, '`pipeline_call`', value ?? {}, place);
    return { inputs: Object.fromEntries(inputs) };
  },
};
