import type { JsonSchema } from '../../json.ts';
import { anyMap, object, text } from './shapes.ts';

export const commonSchemas = {
  Error: object(
    'Every failure has this shape. The codes are listed in docs/errors.md.',
    {
      error: { type: 'string', pattern: '^[A-Z][A-Z_]*$', description: 'A stable code.' },
      message: text('What is wrong and what to do, for a person.'),
    },
    { details: anyMap('What depends on the code: diagnostics, inputs, ….') },
  ),
  Health: object('The API answers.', { status: { const: 'ok' } }),
  OpenApiDocument: {
    type: 'object',
    description: 'An OpenAPI 3.1 document.',
    properties: {
      openapi: text('Version of the specification.'),
      info: anyMap('About this API.'),
      paths: anyMap('The operations, by path and method.'),
      components: anyMap('What they share.'),
    },
    required: ['openapi', 'info', 'paths', 'components'],
  },
  Definition: { type: 'object', description: 'A pipeline definition; see the language reference.' },
  JsonSchema: { type: 'object', description: 'A JSON Schema, draft 2020-12.' },
} as const satisfies Record<string, JsonSchema>;
