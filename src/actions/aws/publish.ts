import { type Action, type Json, succeeded } from '../action.ts';
import { AWS_ERRORS, failedBy, NO_AWS } from './failures.ts';
import { attributes, message, messageGroup, messageId } from './schemas.ts';

export const publish: Action = {
  name: 'actions/aws/publish',
  version: 1,
  summary: 'Publishes a message to a topic of Amazon SNS.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['topic_arn', 'message'],
    properties: {
      topic_arn: { description: 'The ARN of the topic.', type: 'string', minLength: 1, maxLength: 512 },
      message,
      subject: {
        description: 'The subject of an e-mail that subscribers get: one line of ASCII.',
        type: 'string',
        minLength: 1,
        maxLength: 100,
      },
      message_group: messageGroup,
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
      topic_arn,
      message: content,
      subject,
      message_group,
      attributes: named = {},
    } = inputs as {
      readonly topic_arn: string;
      readonly message: Json;
      readonly subject?: string;
      readonly message_group?: string;
      readonly attributes?: Readonly<Record<string, string>>;
    };
    const reply = await aws.publish(
      { stepId, signal },
      {
        topic: topic_arn,
        body: typeof content === 'string' ? content : JSON.stringify(content),
        attributes: named,
        ...(subject === undefined ? {} : { subject }),
        ...(message_group === undefined ? {} : { groupId: message_group }),
      },
    );
    return reply.ok ? succeeded({ message_id: reply.value.id }) : failedBy(reply);
  },
};
