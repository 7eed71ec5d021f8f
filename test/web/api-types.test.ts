import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { schemas } from '../../src/api/schemas.ts';
import { apiTypes } from './api-types.ts';

test('what the web UI knows of the API is up to date (`npm run web:types` writes it)', async () => {
  const written = await readFile(new URL('../../web/src/api/types.ts', import.meta.url), 'utf8');
  expect(written).toBe(apiTypes(routes, schemas));
});

test('a schema becomes the type that it describes', () => {
  const text = apiTypes(
    {},
    {
      Thing: {
        type: 'object',
        description: 'A thing.',
        properties: {
          id: { type: 'string', description: 'Its id.' },
          kind: { enum: ['a', 'b'] },
          many: { type: 'array', items: { $ref: '#/components/schemas/Error' } },
          until: { type: ['string', 'null'] },
          more: { type: 'object', additionalProperties: true },
          texts: { type: 'object', additionalProperties: { type: 'string' } },
          always: { const: true },
          'odd-name': { type: 'integer' },
          anything: {},
        },
        required: ['id'],
      },
    },
  );
  expect(text).toContain(`/** A thing. */
export type Thing = {
  /** Its id. */
  readonly id: string;
  readonly kind?: 'a' | 'b';
  readonly many?: readonly (ErrorBody)[];
  readonly until?: string | null;
  readonly more?: { readonly [key: string]: Json };
  readonly texts?: { readonly [key: string]: string };
  readonly always?: true;
  readonly 'odd-name'?: number;
  readonly anything?: Json;
};
`);
});
