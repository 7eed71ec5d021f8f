import type { JsonSchema } from '../action.ts';

/** Properties that several actions of AWS have. */
export const wait: JsonSchema = {
  description:
    'Whether the step lasts until it is over, without using compute meanwhile, and ends it when it is cancelled.',
  type: 'boolean',
  default: true,
};

export const message: JsonSchema = {
  description: 'What to send: text as it is, anything else as JSON.',
};

export const messageGroup: JsonSchema = {
  description:
    'The message group: needed by a FIFO queue or topic, whose other messages of the group come in order. A repeated attempt is sorted out by the id of the step.',
  type: 'string',
  minLength: 1,
  maxLength: 128,
};

export const attributes: JsonSchema = {
  description: 'Message attributes of the type `String`, by name.',
  type: 'object',
  maxProperties: 10,
  additionalProperties: { type: 'string', minLength: 1 },
  default: {},
};

export const messageId: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['message_id'],
  properties: { message_id: { description: 'The id that AWS gave the message.', type: 'string' } },
};
