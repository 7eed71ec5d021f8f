import type { JsonSchema } from '../../json.ts';
import { PATH_PARAMETERS } from '../path-parameters.ts';
import { anyMap, choice, object, place, text, time } from './shapes.ts';

/** Entries of the setting at the most. */
export const MOST_CALLERS = 100;

export const ACCOUNT = '^[0-9]{12}$';
export const LONGEST_SOURCE = 256;

export const eventsSchemas = {
  RefusedStart: object(
    'An event that should have started a pipeline and could not. It is kept as long as runs are.',
    {
      id: text('Id: a UUID that sorts by the time of the event.'),
      ...place,
      pipeline_id: text('Id of the pipeline.'),
      trigger: choice(
        ['event', 'pipeline_call'],
        'How the event asked for a run: it met the trigger `event`, or it is a `Pipeline Call`.',
      ),
      status: choice(['refused', 'started'], '`started`: somebody tried again, and it went well.'),
      error: text('Code of why the last attempt was refused.'),
      message: text('Why, for a person.'),
      created_at: time('When it was refused first.'),
      attempts: { type: 'integer', minimum: 1, description: 'How many attempts there were.' },
      event: object('The event, without its detail.', {
        id: text('Id of the event.'),
        source: text('Where it comes from.'),
        'detail-type': text('What kind of event it is.'),
      }),
    },
    {
      details: anyMap('As a request would have been told: `inputs` has one entry per wrong input.'),
      retried_at: time('When somebody tried again last.'),
      run_id: text('Id of the run that it started in the end.'),
    },
  ),
  EventCallers: object('Who calls pipelines by events with the detail-type `Pipeline Call`.', {
    callers: {
      type: 'array',
      maxItems: MOST_CALLERS,
      items: object(
        'Events of this account, and of this source if it is named, call as this service user.',
        {
          account: { type: 'string', pattern: ACCOUNT, description: 'The AWS account that the events come from.' },
          service_user: {
            type: 'string',
            pattern: PATH_PARAMETERS.user.pattern,
            description: 'Id of the service user (`s-…`).',
          },
        },
        {
          source: {
            type: 'string',
            minLength: 1,
            maxLength: LONGEST_SOURCE,
            description: 'Source of the events. Whoever may put events on the bus from the account chooses it.',
          },
        },
      ),
      description: 'An entry that names the source goes before one that takes any.',
    },
  }),
} as const satisfies Record<string, JsonSchema>;
