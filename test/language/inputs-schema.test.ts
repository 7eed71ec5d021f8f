import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Json, JsonSchema } from '../../src/json.ts';
import { checkRunInputs } from '../../src/language/check-run-inputs.ts';
import { inputsSchema } from '../../src/language/inputs-schema.ts';
import type { PipelineCall } from '../../src/language/pipeline.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions } from './fixtures.ts';

const DECLARED: JsonSchema = {
  env: { type: 'string', required: true, description: 'Where to.', enum: ['dev', 'prod'] },
  count: { type: 'integer', required: true, default: 1, minimum: 1 },
  token: { secret: true, required: true, minLength: 4 },
  tags: { type: 'array', items: { type: 'string' } },
  anything: {},
};

function callOf(inputs: Json): PipelineCall {
  const steps = [{ uses: 'actions/humanitec/log@v1', with: { message: 'hi' } }];
  const read = readPipeline(JSON.stringify({ name: 'x', on: { pipeline_call: { inputs } }, jobs: { a: { steps } } }), {
    actions,
  });
  const call = read.ok ? read.pipeline.triggers.pipeline_call : undefined;
  if (call === undefined) throw new Error(JSON.stringify(read));
  return call;
}

test('the schema of the inputs', () => {
  expect(inputsSchema(callOf(DECLARED))).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      env: { type: 'string', enum: ['dev', 'prod'], description: 'Where to.' },
      count: { type: 'integer', minimum: 1, default: 1 },
      token: { type: 'string', minLength: 4, writeOnly: true },
      tags: { type: 'array', items: { type: 'string' } },
      anything: {},
    },
    required: ['env', 'token'],
    additionalProperties: false,
  });
});

test('no inputs', () => {
  expect(inputsSchema({ inputs: {} })).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {},
    additionalProperties: false,
  });
});

const GIVEN: readonly Json[] = [
  {},
  { env: 'dev', token: 'abcd' },
  { env: 'dev' },
  { env: 'test', token: 'abcd' },
  { env: 'dev', token: 'abc' },
  { env: 'dev', token: 'abcd', count: 0 },
  { env: 'dev', token: 'abcd', tags: ['a', 'b'], anything: { a: [null] } },
  { env: 'dev', token: 'abcd', tags: [1] },
  { env: 'dev', token: 'abcd', other: 1 },
  { env: 'dev', token: 5 },
  [],
];

test.each(GIVEN)('the schema and the start of a run agree about %j', given => {
  const call = callOf(DECLARED);
  const check = new Ajv2020().compile(inputsSchema(call));
  expect(check(given)).toBe(checkRunInputs(call, given).ok);
});
