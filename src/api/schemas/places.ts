import type { JsonSchema } from '../../json.ts';
import { list, object, text, time } from './shapes.ts';

const id: JsonSchema = {
  type: 'string',
  pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  minLength: 2,
  maxLength: 50,
  description: 'Fixed once and for all.',
};
const name: JsonSchema = { type: 'string', minLength: 1, maxLength: 100, description: 'Display name.' };

const environment = {
  id: text('Id of the environment in its app.'),
  name: text('Display name.'),
  type: text('Id of its type, which never changes.'),
};

export const placesSchemas = {
  Application: object('An app: pipelines, environments and values that belong together.', {
    id: text('Id of the app in its org.'),
    org_id: text('Id of the org.'),
    name: text('Display name.'),
    created_at: time('When it was created.'),
    created_by: text('Id of the subject that created it; empty: whoever set up the deployment.'),
    envs: list('EnvironmentBase', 'Its environments (100 at the most), as far as the caller may read them.'),
  }),
  ApplicationRequest: object('A new app.', { id, name }),
  NameRequest: object('A new name.', { name }),
  EnvironmentBase: object('An environment in short.', environment),
  Environment: object('An environment of an app.', {
    ...environment,
    created_at: time('When it was created.'),
    created_by: text('Id of the subject that created it.'),
  }),
  EnvironmentRequest: object('A new environment.', { id, name, type: text('Id of a type of environments.') }),
  EnvironmentType: object('A type of environments. Who may change environments is said by type.', {
    id: text('Id of the type in its org.'),
    description: text('What it is for.'),
    created_at: time('When it was created.'),
    created_by: text('Id of the subject that created it; empty: whoever set up the deployment.'),
  }),
  EnvironmentTypeRequest: object(
    'A new type of environments.',
    { id },
    { description: { type: 'string', maxLength: 1_000, description: 'What it is for.' } },
  ),
} as const satisfies Record<string, JsonSchema>;
