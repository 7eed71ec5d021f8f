import type { JsonSchema } from '../json.ts';
import { actionsSchemas } from './schemas/actions.ts';
import { approvalsSchemas } from './schemas/approvals.ts';
import { artefactsSchemas } from './schemas/artefacts.ts';
import { auditSchemas } from './schemas/audit.ts';
import { callbacksSchemas } from './schemas/callbacks.ts';
import { commonSchemas } from './schemas/common.ts';
import { criteriaSchemas } from './schemas/criteria.ts';
import { eventsSchemas } from './schemas/events.ts';
import { orchestratorSchemas } from './schemas/orchestrator.ts';
import { peopleSchemas } from './schemas/people.ts';
import { pipelinesSchemas } from './schemas/pipelines.ts';
import { placesSchemas } from './schemas/places.ts';
import { runsSchemas } from './schemas/runs.ts';
import { statusEventsSchemas } from './schemas/status-events.ts';
import { valuesSchemas } from './schemas/values.ts';
import { webhooksSchemas } from './schemas/webhooks.ts';

/** Shapes of the API as JSON Schema, draft 2020-12; they refer to each other as the OpenAPI document does. */
export const schemas = {
  ...commonSchemas,
  ...pipelinesSchemas,
  ...runsSchemas,
  ...criteriaSchemas,
  ...artefactsSchemas,
  ...approvalsSchemas,
  ...actionsSchemas,
  ...callbacksSchemas,
  ...placesSchemas,
  ...valuesSchemas,
  ...peopleSchemas,
  ...orchestratorSchemas,
  ...auditSchemas,
  ...eventsSchemas,
  ...statusEventsSchemas,
  ...webhooksSchemas,
} as const satisfies Record<string, JsonSchema>;

export type SchemaName = keyof typeof schemas;
