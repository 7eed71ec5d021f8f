import { type Action, type ActionContext, type Answer, failed, type JsonObject, succeeded } from './action.ts';

/** Seconds: 365 days. */
const MAX_SECONDS = 365 * 24 * 60 * 60;

/** Milliseconds that a worker spends in place; a longer sleep is parked and costs no compute. */
const MAX_IN_PLACE = 5_000;

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6, without leap seconds, which `Date` cannot tell. */
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

export const sleep: Action = {
  name: 'actions/humanitec/sleep',
  version: 1,
  summary: 'Waits for some seconds or until a time; beyond 5 s without using compute.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    // Exactly one of the two.
    minProperties: 1,
    maxProperties: 1,
    properties: {
      seconds: {
        description: 'How long to wait, fractions allowed. At most 365 days (31,536,000). Not together with `until`.',
        type: 'number',
        minimum: 0,
        maximum: MAX_SECONDS,
      },
      until: {
        description:
          'When to go on, as RFC 3339 (`2026-01-01T00:00:00Z`), at most 365 days ahead. A time that has passed does not wait. Not together with `seconds`.',
        type: 'string',
        format: 'date-time',
      },
    },
  },
  outputs: { type: 'object', additionalProperties: false, properties: {} },
  errors: {
    INVALID_TIME: '`seconds` or `until` is missing, both are given, or the value is not a time.',
    TOO_LONG: 'The time is more than 365 days ahead.',
    ABORTED: 'The step was cancelled or its time was over while it slept.',
  },
  pure: true,
  async run(context) {
    const { signal, state, now } = context;
    const due = state === undefined ? dueTime(context.inputs, now()) : Number(state.until);
    if (typeof due !== 'number') return due;
    const left = due - now();
    if (left <= 0) return succeeded();
    if (left <= MAX_IN_PLACE) return inPlace(context, left);
    if (signal.aborted) return ABORTED;
    return { status: 'waiting', for: `time(${rfc3339(due)})`, until: due, state: { until: due } };
  },
};

const ABORTED = failed('ABORTED', 'The sleep was ended early: the step was cancelled or its time was over.');

async function inPlace({ sleep, signal }: ActionContext, ms: number): Promise<Answer> {
  await sleep(ms);
  return signal.aborted ? ABORTED : succeeded();
}

/** Milliseconds since the epoch, whole ones, never earlier than asked for. */
function dueTime({ seconds, until }: JsonObject, now: number): number | Answer {
  if ((seconds === undefined) === (until === undefined)) {
    return failed('INVALID_TIME', 'Give either `seconds` or `until`, and not both.');
  }
  const due = seconds === undefined ? moment(until) : typeof seconds === 'number' ? now + seconds * 1_000 : Number.NaN;
  if (Number.isNaN(due) || due < 0 || (typeof seconds === 'number' && seconds < 0)) {
    const [name, value] = seconds === undefined ? ['until', until] : ['seconds', seconds];
    const wanted = name === 'until' ? 'a time such as 2026-01-01T00:00:00Z' : 'a number of seconds, 0 or more';
    return failed('INVALID_TIME', `\`${name}\` is ${JSON.stringify(value)}; it must be ${wanted}.`);
  }
  if (due - now > MAX_SECONDS * 1_000) {
    return failed('TOO_LONG', 'The time is more than 365 days ahead; a sleep lasts at most 365 days.');
  }
  return Math.ceil(due);
}

function moment(text: unknown): number {
  const [, day] = (typeof text === 'string' && RFC_3339.exec(text)) || [];
  if (typeof text !== 'string' || day === undefined) return Number.NaN;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // `Date` takes the 30th of February for the 2nd of March.
  return Number.isNaN(midnight) || rfc3339(midnight).startsWith(day) ? Date.parse(text) : Number.NaN;
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
