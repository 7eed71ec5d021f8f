import type { JsonSchema } from '../../json.ts';

/** Shapes of the API as JSON Schema, draft 2020-12; they refer to each other as the OpenAPI document does. */
export const time = (description: string): JsonSchema => ({
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  description,
});
export const text = (description: string): JsonSchema => ({ type: 'string', description });
export const seconds = (description: string): JsonSchema => ({ type: 'number', exclusiveMinimum: 0, description });
export const choice = (values: readonly string[], description: string): JsonSchema => ({ enum: values, description });
export const strings = (description: string): JsonSchema => ({ type: 'array', items: { type: 'string' }, description });
export const textMap = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
});
export const anyMap = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: true,
  description,
});
export const list = (name: string, description: string): JsonSchema => ({
  type: 'array',
  items: { $ref: `#/components/schemas/${name}` },
  description,
});

export const etag: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{16}$',
  description: 'Changes with every change of the object; also the header ETag, unquoted.',
};

/** An object of exactly these properties. */
export function object(
  description: string,
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return {
    type: 'object',
    description,
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

export const place = { org_id: text('Id of the org.'), app_id: text('Id of the app.') };
