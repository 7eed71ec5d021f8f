import type { Action } from '../action.ts';
import { AWS_ERRORS, NO_AWS } from './failures.ts';
import { type MessageInputs, messageInputs, messageOf, messageOutputs, sent } from './message.ts';

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
      message: messageInputs.message,
      message_group: messageInputs.message_group,
      delay_seconds: {
        description: 'How long nobody sees it. Absent: as the queue says. Not for FIFO queues.',
        type: 'integer',
        minimum: 0,
        maximum: 900,
      },
      attributes: messageInputs.attributes,
    },
  },
  outputs: messageOutputs,
  errors: AWS_ERRORS,
  pure: false,

  async run({ clients: { aws }, inputs, stepId, signal }) {
    if (aws === undefined) return NO_AWS;
    // What the schema lets through.
    const { queue, delay_seconds, ...message } = inputs as MessageInputs & {
      readonly queue: string;
      readonly delay_seconds?: number;
    };
    const delay = delay_seconds === undefined ? {} : { delaySeconds: delay_seconds };
    return sent(await aws.sendMessage({ stepId, signal }, { queue, ...messageOf(message), ...delay }));
  },
};
