import { type Action, type Answer, type Callbacks, failed, type JsonObject, type Waiting } from './action.ts';

/** Minutes: 30 days, as long as a run may take. */
const LONGEST = 43_200;

/** Milliseconds between two looks at what should have been signalled: a lost signal costs this much. */
const LOOK_AGAIN = 300_000;

export const callback: Action = {
  name: 'actions/humanitec/callback',
  version: 1,
  summary: 'Gives out a URL that can be posted to once, and, in a later step, waits until it was.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      timeout_minutes: {
        description: 'For the step that gives out the URL: how long it can be posted to. At most 30 days (43,200).',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: LONGEST,
        default: 60,
      },
      wait_for: {
        description:
          'The output `id` of the step that gave out the URL: this step waits for the post. Absent: this step gives out a URL and goes on.',
        type: 'string',
        minLength: 1,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      id: {
        description: 'What `wait_for` of a later step names. Only of the step that gives out the URL.',
        type: 'string',
      },
      url: {
        description: 'Where to post JSON or text to, once; whoever has it may. Only of the step that gives it out.',
        type: 'string',
      },
      expires_at: { description: 'Until when, as RFC 3339. Only of the step that gives out the URL.', type: 'string' },
      payload: {
        description: 'What was posted: parsed when it says it is JSON and is, else text. Only of the step that waits.',
      },
    },
  },
  errors: {
    NOT_POSTED: 'Nobody posted to the URL in time.',
    UNKNOWN_CALLBACK: 'This run has given out no URL with the id of `wait_for`.',
    NOT_OFFERED: 'This deployment has no address at which callbacks could arrive.',
  },
  pure: false,

  async run({ inputs, callbacks, stepId, now }) {
    if (callbacks === undefined) return failed('NOT_OFFERED', 'This deployment has no address for callbacks.');
    // What the schema lets through.
    const { wait_for, timeout_minutes = 60 } = inputs as {
      readonly wait_for?: string;
      readonly timeout_minutes?: number;
    };
    return wait_for === undefined
      ? announce(callbacks, stepId, now() + timeout_minutes * 60_000)
      : posted(callbacks, wait_for, now());
  },
};

async function announce(callbacks: Callbacks, key: string, wanted: number): Promise<Answer> {
  const { id, url, expiresAt } = await callbacks.announce(key, Math.ceil(wanted));
  const outputs: JsonObject = { id, url, expires_at: new Date(expiresAt).toISOString().replace('.000Z', 'Z') };
  return { status: 'succeeded', outputs };
}

async function posted(callbacks: Callbacks, id: string, now: number): Promise<Answer | Waiting> {
  const callback = await callbacks.look(id);
  if (callback === undefined)
    return failed('UNKNOWN_CALLBACK', `This run has given out no callback with the id ${id}.`);
  // What arrived in time counts, however late it is looked at.
  if (callback.posted !== undefined) return { status: 'succeeded', outputs: { payload: callback.posted.payload } };
  if (now >= callback.expiresAt) return failed('NOT_POSTED', 'Nobody posted to the URL of the callback in time.');
  return {
    status: 'waiting',
    for: `callback(${id})`,
    until: Math.min(now + LOOK_AGAIN, callback.expiresAt),
    state: { id },
  };
}
