import type { Action } from './action.ts';

/** Minutes: 30 days, as long as a run may take. */
const LONGEST = 43_200;

export const announceCallback: Action = {
  name: 'actions/pipecall/announce-callback',
  version: 1,
  summary: 'Gives out a URL that can be posted to once; a later `callback` step waits until it was.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      timeout_minutes: {
        description: 'How long the URL can be posted to. At most 30 days (43,200).',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: LONGEST,
        default: 60,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['callback', 'url', 'expires_at'],
    properties: {
      callback: { description: 'What the input `callback` of a later step names.', type: 'string' },
      url: { description: 'Where to post JSON or text to, once; whoever has it may.', type: 'string' },
      expires_at: { description: 'Until when, as RFC 3339.', type: 'string' },
    },
  },
  errors: {},
  pure: false,

  async run({ inputs, callbacks, now }) {
    const { timeout_minutes = 60 } = inputs as { readonly timeout_minutes?: number }; // what the schema lets through
    const { id, url, expiresAt } = await callbacks.announce(Math.ceil(now() + timeout_minutes * 60_000));
    const expires = new Date(expiresAt).toISOString().replace('.000Z', 'Z');
    return { status: 'succeeded', outputs: { callback: id, url, expires_at: expires } };
  },
};
