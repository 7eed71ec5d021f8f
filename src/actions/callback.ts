import { type Action, type Answer, type Callbacks, failed } from './action.ts';

/** Minutes: 30 days, as long as a run may take. */
const LONGEST = 43_200;

/** Milliseconds between two looks at what should have been signalled: a lost signal costs this much. */
const LOOK_AGAIN = 300_000;

export const callback: Action = {
  name: 'actions/pipecall/callback',
  version: 1,
  summary: 'Waits, without using compute, until the URL that an `announce-callback` step gave out was posted to.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      callback: {
        description:
          'The output `callback` of the step that gave out the URL. Absent: the only one of this run; those of registered actions do not count.',
        type: 'string',
        minLength: 1,
      },
      timeout_minutes: {
        description: 'How long this step waits. Absent: as long as the URL can be posted to.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: LONGEST,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['payload'],
    properties: {
      payload: { description: 'What was posted: parsed when it said that it is JSON, else text.' },
    },
  },
  errors: {
    NOT_POSTED: 'Nobody posted to the URL in time.',
    UNKNOWN_CALLBACK: 'This run has given out no such URL, or several where none was named.',
  },
  pure: false,

  async run({ inputs, callbacks, state, now }) {
    // What the schema lets through, and only this file writes the state.
    const { callback, timeout_minutes = LONGEST } = inputs as {
      readonly callback?: string;
      readonly timeout_minutes?: number;
    };
    const waiting = state as State | undefined;
    const id = callback ?? waiting?.id ?? (await onlyOne(callbacks));
    if (typeof id !== 'string') return id;
    return posted(callbacks, { id, giveUpAt: waiting?.giveUpAt ?? Math.ceil(now() + timeout_minutes * 60_000) }, now());
  },
};

/** `giveUpAt`: milliseconds since the epoch. */
type State = { readonly id: string; readonly giveUpAt: number };

async function onlyOne(callbacks: Callbacks): Promise<string | Answer> {
  const [only, ...others] = await callbacks.list();
  if (only !== undefined && others.length === 0) return only;
  const count = only === undefined ? 'no callback' : `${others.length + 1} callbacks`;
  return failed('UNKNOWN_CALLBACK', `This run has given out ${count}; name one with the input \`callback\`.`);
}

async function posted(callbacks: Callbacks, state: State, now: number): Promise<Answer> {
  const { id, giveUpAt } = state;
  const found = await callbacks.look(id);
  if (found === undefined) return failed('UNKNOWN_CALLBACK', `This run has given out no callback with the id ${id}.`);
  // What arrived in time counts, however late it is looked at.
  if (found.posted !== undefined) return { status: 'succeeded', outputs: { payload: found.posted.payload } };
  const end = Math.min(found.expiresAt, giveUpAt);
  if (now >= end) return failed('NOT_POSTED', 'Nobody posted to the URL of the callback in time.');
  return { status: 'waiting', for: `callback(${id})`, until: Math.min(now + LOOK_AGAIN, end), state };
}
