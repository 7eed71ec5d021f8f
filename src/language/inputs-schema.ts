import type { JsonSchema } from '../json.ts';
import type { Input, PipelineCall } from './pipeline.ts';

/** The JSON Schema (draft 2020-12) of the inputs that start a run: for forms, clients and checks of callers. */
export function inputsSchema(call: PipelineCall): JsonSchema {
  const inputs = Object.entries(call.inputs);
  const required = inputs.filter(([, input]) => input.required && input.default === undefined).map(([name]) => name);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(inputs.map(([name, input]) => [name, schemaOf(input)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** `writeOnly`: the value goes in and never comes out again. */
function schemaOf({ schema, description, default: value, secret }: Input): JsonSchema {
  return {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(value === undefined ? {} : { default: value }),
    ...(secret === true ? { writeOnly: true } : {}),
  };
}
