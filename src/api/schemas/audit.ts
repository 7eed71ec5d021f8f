import type { JsonSchema } from '../../json.ts';
import { choice, object, text, textMap, time } from './shapes.ts';

export const auditSchemas = {
  AuditLogEntry: object(
    'One change, or one request that was refused. It is written once.',
    {
      id: text('Id of the entry: a UUID that sorts by time.'),
      at: time('When it happened.'),
      org_id: text('Id of the org.'),
      user_id: text('Id of the subject; `anonymous` when the request had no token that is known.'),
      action: text('The operation, by its operationId, or what a step of a run tried.'),
      permission: text('The permission that was judged.'),
      decision: choice(['allowed', 'refused'], 'What was decided.'),
      reason: text('Why.'),
      request_method: text(
        'Method of the request; `RUN`: a step of a run did it; `BATCH`: artefacts that were pushed did; `EVENT`: an event did; `DELIVERY`: what came of telling a webhook did.',
      ),
      request_path: text('What was acted on. A part that no id can be is not kept: its placeholder stands there.'),
      response_status: { type: 'integer', minimum: 100, maximum: 599, description: 'Status of the answer.' },
      details: textMap('What tells the change apart, such as the role that was given. Never a secret.'),
    },
    { request_id: text('Finds the request in the log of the server.') },
  ),
} as const satisfies Record<string, JsonSchema>;
