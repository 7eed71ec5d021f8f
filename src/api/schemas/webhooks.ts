import type { JsonSchema } from '../../json.ts';
import { TEST_TYPE, WEBHOOK_SCOPES } from '../../run/webhooks/types.ts';
import { DELIVERY_STATUSES } from '../../store/deliveries.ts';
import { DISABLED_REASONS } from '../../store/webhooks.ts';
import { PATH_PARAMETERS } from '../path-parameters.ts';
import { choice, etag, object, text, time } from './shapes.ts';

/** Of one app. */
export const MOST_WEBHOOKS = 20;
/** Characters. */
export const LONGEST_URL = 2_048;
export const LONGEST_DESCRIPTION = 1_000;

const url = (description: string): JsonSchema => ({ type: 'string', maxLength: LONGEST_URL, description });
const description: JsonSchema = { type: 'string', maxLength: LONGEST_DESCRIPTION, description: 'For people.' };
const nothing = (about: string): JsonSchema => ({ type: 'object', maxProperties: 0, description: about });

/** Each scope with its types: one schema for what is sent and what is asked for. */
const trigger: JsonSchema = {
  oneOf: Object.entries(WEBHOOK_SCOPES).map(([scope, types]) =>
    object('An event, as `scope.type`.', {
      scope: { const: scope, description: 'What it is about.' },
      type: choice(types, 'What it has become.'),
    }),
  ),
};
const triggers: JsonSchema = {
  type: 'array',
  items: trigger,
  maxItems: 50,
  description: 'What it is told of. Empty: everything, also what is added later.',
};

const shown = {
  id: text('Id of the webhook.'),
  url: url('Where events are posted to. Whoever may not change the webhook sees its beginning, up to the host.'),
  description: text('For people.'),
  triggers,
  disabled: { type: 'boolean', description: 'It is told of nothing.' },
  headers: nothing('Always empty: what is sent has the headers of Standard Webhooks.'),
  payload: nothing('Always empty: what is sent is the event.'),
  created_at: time('When it was created.'),
  created_by: text('Id of who created it.'),
  updated_at: time('When it last changed.'),
  etag,
} as const satisfies Record<string, JsonSchema>;

const shownPerhaps = {
  disabled_reason: choice(
    DISABLED_REASONS,
    '`by_request`: somebody said so. `gone`: the receiver answered 410. `failing`: no attempt went well for 5 days.',
  ),
  failing_since: time('When the first attempt failed after the last one that went well.'),
  previous_secret_until: time('Until then a secret before the current one signs too.'),
} as const satisfies Record<string, JsonSchema>;

const envelope = (of: string, type: JsonSchema, data: JsonSchema): JsonSchema =>
  object(of, { type, timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' }, data });

const typesOf = (scope: keyof typeof WEBHOOK_SCOPES): JsonSchema =>
  choice(
    WEBHOOK_SCOPES[scope].map(type => `${scope}.${type}`),
    'What happened.',
  );

export const webhooksSchemas = {
  Webhook: object('Whom an app tells of what becomes of its runs and approvals.', shown, shownPerhaps),
  WebhookWithSecret: object(
    'A webhook and the secret that signs what is sent to it. No other answer holds the secret.',
    {
      ...shown,
      secret: { type: 'string', pattern: '^whsec_[A-Za-z0-9+/]+=*$', description: 'As Standard Webhooks writes it.' },
    },
    shownPerhaps,
  ),
  NewWebhook: object(
    'A webhook to be added.',
    {
      url: url(
        'Where to: https:, without user name, password and fragment. Loopback and private addresses take http:.',
      ),
    },
    {
      id: { type: 'string', ...PATH_PARAMETERS.webhook, description: 'Default: a random one.' },
      description,
      triggers,
      disabled: { type: 'boolean', description: 'Default: false.' },
    },
  ),
  WebhookChange: object(
    'What is to change of a webhook.',
    {},
    {
      url: url('Where to.'),
      description,
      triggers,
      disabled: { type: 'boolean', description: 'False forgets what failed before.' },
    },
  ),
  WebhookDelivery: object(
    'What a webhook is told of one event. It is listed for 30 days.',
    {
      id: text('Id: a UUID that sorts by the time of the event.'),
      webhook_id: text('Id of the webhook.'),
      event_id: text('What is sent as `webhook-id`: the same for every attempt.'),
      type: text('What happened: `scope.type`.'),
      status: choice(
        DELIVERY_STATUSES,
        '`pending`: to be sent, perhaps again. `failed`: it is not sent any more, unless somebody has it redelivered.',
      ),
      attempts: { type: 'integer', minimum: 0, description: 'How many attempts began.' },
      created_at: time('When it was recorded.'),
    },
    {
      last_attempt_at: time('When the last attempt began.'),
      next_attempt_at: time('When the next attempt begins, or a little later.'),
      response_status_code: { type: 'integer', description: 'What the receiver answered to the last attempt.' },
      error: text('Why the last attempt failed; docs/events.md lists the codes.'),
      message: text('Why, for a person.'),
    },
  ),
  PipelineRunWebhookEvent: envelope('What a webhook is sent of a run.', typesOf('pipeline_run'), {
    $ref: '#/components/schemas/PipelineRunStatusChange',
  }),
  ApprovalWebhookEvent: envelope('What a webhook is sent of an approval.', typesOf('approval'), {
    $ref: '#/components/schemas/ApprovalStatusChange',
  }),
  TestWebhookEvent: envelope(
    'What a webhook is sent when somebody tries it out.',
    { const: TEST_TYPE, description: 'A test.' },
    object('What it is about.', {
      id: text('Of this test.'),
      org_id: text('Id of the org.'),
      app_id: text('Id of the app.'),
      webhook_id: text('Id of the webhook.'),
      requested_by: text('Id of who asked for it.'),
    }),
  ),
} as const satisfies Record<string, JsonSchema>;
