import type { JsonSchema } from '../../json.ts';
import { etag, object, text, time } from './shapes.ts';

const key: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$',
  maxLength: 100,
  description: 'How expressions name it: app.values.<key>.',
};
const value = text('What it holds: up to 100 KiB, a secret up to 64 KiB.');
const secret = (description: string): JsonSchema => ({ type: 'boolean', description });
const description: JsonSchema = {
  type: ['string', 'null'],
  maxLength: 1_000,
  description: 'What it is for, for people.',
};
const nothing = (about: string): JsonSchema => ({ type: 'null', description: about });

export const valuesSchemas = {
  Value: object('A value of an app, which its pipelines can read.', {
    key,
    value: text('What it holds; always empty of a secret.'),
    is_secret: secret('It is kept sealed and shown nowhere.'),
    description: text('What it is for, for people.'),
    source: { const: 'app', description: 'Whose value it is.' },
    created_at: time('When it was created.'),
    updated_at: time('When it last changed.'),
    secret_key: nothing('Secrets are kept here, not in a store of their own.'),
    secret_store_id: nothing('See secret_key.'),
    secret_version: nothing('See secret_key.'),
    etag,
  }),
  NewValue: object(
    'A value to be added.',
    { key, value },
    { is_secret: secret('Keep it sealed. Default: false.'), description },
  ),
  ValueReplacement: object(
    'What a value is to be.',
    { value },
    {
      key: { ...key, description: 'The key of the path.' },
      is_secret: secret('Keep it sealed. Default: as it was.'),
      description,
    },
  ),
  ValueChange: object('What is to change of a value.', {}, { value, description }),
} as const satisfies Record<string, JsonSchema>;
