import { type Action, failed, type JsonObject, succeeded } from '../action.ts';
import { AWS_ERRORS, failedBy, NO_AWS } from './failures.ts';

/** What Pipecall itself says on its bus, which may be one that steps reach: a run of one org tells nothing in its name. */
const OWN_SOURCE = 'pipecall';

export const putEvents: Action = {
  name: 'actions/aws/put-events',
  version: 1,
  summary: 'Puts an event on a bus of Amazon EventBridge.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['source', 'detail_type'],
    properties: {
      event_bus: {
        description: 'The bus: its ARN, or its name in the account of the deployment.',
        type: 'string',
        minLength: 1,
        maxLength: 512,
        default: 'default',
      },
      source: {
        description:
          'Where it comes from, for rules to match; `aws.` at its beginning belongs to AWS, and `pipecall` to Pipecall.',
        type: 'string',
        minLength: 1,
        maxLength: 256,
      },
      detail_type: { description: 'What happened, for rules to match.', type: 'string', minLength: 1, maxLength: 128 },
      detail: { description: 'The rest, as JSON.', type: 'object', default: {} },
      resources: {
        description: 'ARNs of what it is about.',
        type: 'array',
        maxItems: 10,
        items: { type: 'string' },
        default: [],
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['event_id'],
    properties: { event_id: { description: 'The id that EventBridge gave the event.', type: 'string' } },
  },
  errors: AWS_ERRORS,
  pure: false,

  async run({ clients: { aws }, inputs, stepId, signal, eventMarks }) {
    if (aws === undefined) return NO_AWS;
    // What the schema lets through.
    const {
      event_bus = 'default',
      source,
      detail_type,
      detail = {},
      resources = [],
    } = inputs as {
      readonly event_bus?: string;
      readonly source: string;
      readonly detail_type: string;
      readonly detail?: JsonObject;
      readonly resources?: readonly string[];
    };
    if (source === OWN_SOURCE) {
      return failed(
        'INVALID_REQUEST',
        `Events of the source '${OWN_SOURCE}' are put by Pipecall itself; name another one.`,
      );
    }
    const reply = await aws.putEvent(
      { stepId, signal },
      {
        bus: event_bus,
        source,
        detailType: detail_type,
        detail: JSON.stringify(detail),
        resources: [...resources, ...eventMarks],
      },
    );
    return reply.ok ? succeeded({ event_id: reply.value.id }) : failedBy(reply);
  },
};
