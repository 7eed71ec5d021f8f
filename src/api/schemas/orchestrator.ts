import type { JsonSchema } from '../../json.ts';
import { etag, object, text, time } from './shapes.ts';

const baseUrl: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 2_048,
  description: 'The base URL of its API: http or https, without user name, query and fragment.',
};

export const orchestratorSchemas = {
  OrchestratorSetting: object(
    'The Platform Orchestrator that the steps of an org act on; its token is shown nowhere.',
    {
      base_url: baseUrl,
      updated_at: time('When it was last set.'),
      updated_by: text('Id of the subject that set it.'),
      etag,
    },
  ),
  OrchestratorRequest: object('The Platform Orchestrator that the steps of an org are to act on.', {
    base_url: baseUrl,
    token: {
      type: 'string',
      minLength: 8,
      maxLength: 8_192,
      pattern: '^[\\x21-\\x7e]*$',
      description: 'The token of a service user of it. It is kept sealed.',
    },
  }),
} as const satisfies Record<string, JsonSchema>;
