import type { JsonObject } from '../json.ts';

/** The headers of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const HEADERS = {
  'webhook-id': 'The same for every attempt to tell of the same thing: sort out repetitions by it.',
  'webhook-timestamp': 'Seconds since the epoch, of this attempt. Refuse what is more than 5 minutes off.',
  'webhook-signature':
    '`v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; one for each secret, separated by blanks.',
} as const;

const EVENTS = {
  pipeline_run: ['PipelineRunWebhookEvent', 'A run has another status.'],
  approval: ['ApprovalWebhookEvent', 'An approval has another status.'],
  'webhook.test': ['TestWebhookEvent', 'Somebody tries the webhook out.'],
} as const;

/** What receivers are sent: https://spec.openapis.org/oas/v3.1.1#fixed-fields */
export function describeWebhooks(): JsonObject {
  return Object.fromEntries(
    Object.entries(EVENTS).map(([name, [schema, summary]]) => [
      name,
      {
        post: {
          summary,
          security: [],
          parameters: Object.entries(HEADERS).map(([header, description]) => ({
            name: header,
            in: 'header',
            required: true,
            description,
            schema: { type: 'string' },
          })),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
          },
          responses: {
            '2XX': {
              description: 'It has arrived. Whatever else is answered within 15 s, or nothing, is tried again.',
            },
            '410': { description: 'The receiver wants no more: the webhook is disabled.' },
          },
        },
      },
    ]),
  );
}
