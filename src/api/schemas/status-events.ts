import { DEPTH_KEY, LISTENED_KEY, WEBHOOKS_KEY } from '../../events/delivered-event.ts';
import type { JsonSchema } from '../../json.ts';
import { APPROVAL_STATUSES } from '../../store/approvals.ts';
import { RUN_STATUSES } from '../../store/runs.ts';

const place = {
  id: { type: 'string', description: 'The same when an event is told again: sort out repetitions by it.' },
  org_id: { type: 'string' },
  app_id: { type: 'string' },
  pipeline_id: { type: 'string' },
  run_id: { type: 'string', format: 'uuid' },
  at: { type: 'string', format: 'date-time', description: 'When it happened.' },
  [DEPTH_KEY]: {
    type: 'integer',
    minimum: 0,
    description: 'How many events are before it, each of which started the run of the next. At 5 it starts no run.',
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

const listened: Readonly<Record<string, JsonSchema>> = {
  [LISTENED_KEY]: {
    const: true,
    description: 'Only where some pipeline of the deployment has a trigger for such events.',
  },
  [WEBHOOKS_KEY]: { const: true, description: 'Only where the app has a webhook.' },
};

const shape = (description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  description,
  required: Object.keys(properties),
  properties: { ...properties, ...listened },
});

/** The `detail` of what the product puts on its bus. No operation answers them; they are published for whoever listens. */
export const statusEventsSchemas = {
  PipelineRunStatusChange: shape(
    'The `detail` of the event `Pipeline Run Status Change` with the source `pipecall`. More keys may come.',
    {
      ...place,
      pipeline_version: { type: 'string' },
      status: { enum: RUN_STATUSES },
      status_message: { type: 'string', description: 'Why it ended as it did; secrets are masked.' },
      trigger: { type: 'string' },
      created_by: { type: 'string' },
      run_as: { type: 'string' },
      env_ids: { type: 'array', items: { type: 'string' } },
    },
  ),
  ApprovalStatusChange: shape(
    'The `detail` of the event `Approval Status Change` with the source `pipecall`. More keys may come.',
    {
      ...place,
      approval_id: { type: 'string', format: 'uuid' },
      job_id: { type: 'string' },
      env_id: { type: 'string' },
      status: { enum: APPROVAL_STATUSES },
      message: { type: 'string', description: 'What was asked; secrets are masked.' },
      decided_by: { type: 'array', items: { type: 'string' }, description: 'Who said something so far.' },
    },
  ),
} as const satisfies Record<string, JsonSchema>;
