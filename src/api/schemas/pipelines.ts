import type { JsonSchema } from '../../json.ts';
import { etag, object, place, strings, text, textMap, time } from './shapes.ts';

export const pipelinesSchemas = {
  Pipeline: object('A pipeline as its current version describes it.', {
    id: text('Id of the pipeline in its app.'),
    etag,
    ...place,
    name: text('Display name.'),
    status: { const: 'active', description: 'Always `active`.' },
    version: text('Id of the version.'),
    created_at: time('When the pipeline was created.'),
    trigger_types: strings('The triggers of the definition.'),
    metadata: textMap('The metadata of the definition.'),
  }),
  PipelineVersion: object('One saved definition. It never changes.', {
    id: text('Id of the version.'),
    ...place,
    pipeline_id: text('Id of the pipeline.'),
    created_by: text('Id of the subject that uploaded it.'),
    created_at: time('When it was uploaded.'),
  }),
} as const satisfies Record<string, JsonSchema>;
