import type { JsonSchema } from '../../json.ts';
import { choice, object, text, time } from './shapes.ts';

export const artefactsSchemas = {
  ArtefactVersionRequest: object(
    'A new version of an artefact. What a container is has no `spec`; a workload has one.',
    {
      type: choice(['container', 'workload'], 'What it is.'),
      name: { type: 'string', minLength: 1, maxLength: 500, description: 'Name of the artefact.' },
    },
    {
      version: { type: 'string', maxLength: 500, description: 'Its version.' },
      ref: { type: 'string', maxLength: 500, description: 'The git reference that it was built from.' },
      commit: { type: 'string', maxLength: 500, description: 'The commit that it was built from.' },
      digest: { type: 'string', maxLength: 500, description: 'Of a container: the digest of the image.' },
      image: { type: 'string', maxLength: 500, description: 'Of a workload: the image of containers without one.' },
      ...Object.fromEntries(
        ['spec', 'overrides', 'property_overrides', 'extensions'].map(name => [
          name,
          { type: 'object', additionalProperties: true, description: `Of a workload: its ${name}.` },
        ]),
      ),
    },
  ),
  ArtefactVersion: object(
    'A version of an artefact. The same one pushed again has the same id.',
    {
      id: text('Made of all that the version is.'),
      artefact_id: text('Made of type and name.'),
      type: choice(['container', 'workload'], 'What it is.'),
      name: text('Name of the artefact.'),
      archived: { const: false, description: 'Always false.' },
      created_at: time('When it was pushed first.'),
      created_by: text('Id of the subject that pushed it first.'),
      updated_at: time('The same as `created_at`.'),
      updated_by: text('The same as `created_by`.'),
      ref: text('The git reference that it was built from; may be empty.'),
      commit: text('The commit that it was built from; may be empty.'),
    },
    { version: text('Its version.'), digest: text('Of a container: the digest of the image; may be empty.') },
  ),
  Batch: object(
    'Artefacts that wait for the next run of a pipeline.',
    { items: { type: 'array', items: { $ref: '#/components/schemas/BatchItem' }, description: 'The oldest first.' } },
    {
      run_id: text('The run that has to be over first.'),
      refused: { $ref: '#/components/schemas/BatchRefusal' },
    },
  ),
  BatchItem: object('An artefact that waits.', {
    type: { const: 'artefact_version', description: 'Always `artefact_version`.' },
    ref: text('Id of the version of the artefact.'),
  }),
  BatchRefusal: object('The last start that was refused; its artefacts start nothing any more.', {
    at: time('When.'),
    message: text('Why.'),
    items: { type: 'array', items: { $ref: '#/components/schemas/BatchItem' }, description: 'What it was about.' },
  }),
} as const satisfies Record<string, JsonSchema>;
