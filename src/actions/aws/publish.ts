import type { Action } from '../action.ts';
import { AWS_ERRORS, NO_AWS } from './failures.ts';
import { type MessageInputs, messageInputs, messageOf, messageOutputs, sent } from './message.ts';

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
      message: messageInputs.message,
      subject: {
        description: 'The subject of an e-mail that subscribers get: one line of ASCII.',
        type: 'string',
        minLength: 1,
        maxLength: 100,
      },
      message_group: messageInputs.message_group,
      attributes: messageInputs.attributes,
    },
  },
  outputs: messageOutputs,
  errors: AWS_ERRORS,
  pure: false,

  async run({ clients: { aws }, inputs, stepId, signal }) {
    if (aws === undefined) return NO_AWS;
    // What the schema lets through.
    const { topic_arn, subject, ...message } = inputs as MessageInputs & {
      readonly topic_arn: string;
      readonly subject?: string;
    };
    const call = { topic: topic_arn, ...messageOf(message), ...(subject === undefined ? {} : { subject }) };
    return sent(await aws.publish({ stepId, signal }, call));
  },
};
