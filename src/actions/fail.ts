import { type Action, failed } from './action.ts';

export const fail: Action = {
  name: 'actions/humanitec/fail',
  version: 1,
  summary: 'Fails the step with a message.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['message'],
    properties: { message: { description: 'Why, in words for the reader of the run.', type: 'string' } },
  },
  outputs: { type: 'object', additionalProperties: false, properties: {} },
  errors: { FAILED: 'The definition asked for the failure.' },
  pure: true,
  run: ({ inputs }) => Promise.resolve(failed('FAILED', String(inputs.message))),
};
