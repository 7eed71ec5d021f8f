import { type Action, failed, type Json, readJson } from '../action.ts';
import { AWS_ERRORS, failedBy, NO_AWS } from './failures.ts';

export const invokeLambda: Action = {
  name: 'actions/aws/invoke-lambda',
  version: 1,
  summary: 'Invokes a Lambda function and answers with what it answered.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['function_name'],
    properties: {
      function_name: {
        description:
          'The function: its ARN, or its name in the account of the deployment; `name:alias` for a version or alias.',
        type: 'string',
        minLength: 1,
        maxLength: 256,
      },
      payload: { description: 'The event that the function gets, as JSON.', default: {} },
      invocation: {
        description:
          '`wait`: the step ends with the answer of the function. `event`: Lambda takes the event and invokes later.',
        enum: ['wait', 'event'],
        default: 'wait',
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['status_code', 'payload'],
    properties: {
      status_code: { description: 'Of the call: 200, or 202 for `event`.', type: 'integer' },
      payload: { description: 'What the function answered: parsed if it is JSON, else text; null for `event`.' },
    },
  },
  errors: {
    ...AWS_ERRORS,
    FUNCTION_FAILED: 'The function threw an error or was ended by Lambda; the output `payload` holds what it said.',
  },
  pure: false,

  async run({ clients: { aws }, inputs, stepId, signal }) {
    if (aws === undefined) return NO_AWS;
    // What the schema lets through.
    const {
      function_name,
      payload = {},
      invocation = 'wait',
    } = inputs as {
      readonly function_name: string;
      readonly payload?: Json;
      readonly invocation?: 'wait' | 'event';
    };
    const reply = await aws.invokeLambda(
      { stepId, signal },
      { target: function_name, wait: invocation === 'wait', payload: JSON.stringify(payload) },
    );
    if (!reply.ok) return failedBy(reply);
    const { statusCode, payload: text, error } = reply.value;
    const read = text === '' ? { value: null } : readJson(text);
    const outputs = { status_code: statusCode, payload: read === undefined ? text : read.value };
    if (error === undefined) return { status: 'succeeded', outputs };
    return failed('FUNCTION_FAILED', `The function failed (${error}): ${text.slice(0, 500)}`, outputs);
  },
};
