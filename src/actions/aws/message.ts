import { type Answer, type Json, type JsonSchema, succeeded } from '../action.ts';
import type { AwsReply, MessageCall } from './calls.ts';
import { failedBy } from './failures.ts';

/** Inputs of every action that sends a message. */
export const messageInputs = {
  message: { description: 'What to send: text as it is, anything else as JSON.' },
  message_group: {
    description:
      'The message group: needed by a FIFO queue or topic, whose other messages of the group come in order. A repeated attempt is sorted out by the id of the step.',
    type: 'string',
    minLength: 1,
    maxLength: 128,
  },
  attributes: {
    description: 'Message attributes of the type `String`, by name.',
    type: 'object',
    maxProperties: 10,
    additionalProperties: { type: 'string', minLength: 1 },
    default: {},
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type MessageInputs = {
  readonly message: Json;
  readonly message_group?: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export const messageOf = ({ message, message_group, attributes = {} }: MessageInputs): MessageCall => ({
  body: typeof message === 'string' ? message : JSON.stringify(message),
  attributes,
  ...(message_group === undefined ? {} : { groupId: message_group }),
});

export const messageOutputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['message_id'],
  properties: { message_id: { description: 'The id that AWS gave the message.', type: 'string' } },
};

export const sent = (reply: AwsReply<{ readonly id: string }>): Answer =>
  reply.ok ? succeeded({ message_id: reply.value.id }) : failedBy(reply);
