import { type Action, type Json, succeeded } from '../action.ts';
import { AWS_ERRORS, failedBy, NO_AWS } from './failures.ts';
import { attributes, message, messageGroup, messageId } from './schemas.ts';

export const sendMessage: Action = {
  name: 'actions/aws/send-message',
  version: 1,
  summary: 'Sends a message to a queue of Amazon SQS.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['queue', 'message'],
    properties: {
      queue: {
        description: 'The queue: its ARN or URL, or its name in the account of the deployment.',
        type: 'string',
        minLength: 1,
        maxLength: 512,
      },
      message,
      message_group: messageGroup,
      delay_seconds: {
        description: 'How long nobody sees it. Absent: as the queue says. Not for FIFO queues.',
        type: 'integer',
        minimum: 0,
        maximum: 900,
      },
      attributes,
    },
  },
  outputs: messageId,
  errors: AWS_ERRORS,
  pure: false,

  async run({ clients: { aws }, inputs, stepId, signal }) {
    if (aws === undefined) return NO_AWS;
    // What the schema lets through.
    const {
      queue,
      message: content,
      message_group,
      delay_seconds,
      attributes: named = {},
    } = inputs as {
      readonly queue: string;
      readonly message: Json;
      readonly message_group?: string;
      readonly delay_seconds?: number;
      readonly attributes?: Readonly<Record<string, string>>;
    };
    const reply = await aws.sendMessage(
      { stepId, signal },
      {
        queue,
        body: typeof content === 'string' ? content : JSON.stringify(content),
        attributes: named,
        ...(message_group === undefined ? {} : { groupId: message_group }),
        ...(delay_seconds === undefined ? {} : { delaySeconds: delay_seconds }),
      },
    );
    return reply.ok ? succeeded({ message_id: reply.value.id }) : failedBy(reply);
  },
};
