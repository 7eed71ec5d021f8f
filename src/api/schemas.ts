import type { JsonSchema } from '../json.ts';
import { approvalsSchemas } from './schemas/approvals.ts';
import { auditSchemas } from './schemas/audit.ts';
import { commonSchemas } from './schemas/common.ts';
import { eventsSchemas } from './schemas/events.ts';
import { peopleSchemas } from './schemas/people.ts';
import { pipelinesSchemas } from './schemas/pipelines.ts';
import { placesSchemas } from './schemas/places.ts';
import { runsSchemas } from './schemas/runs.ts';
import { statusEventsSchemas } from './schemas/status-events.ts';
import { valuesSchemas } from './schemas/values.ts';

/** Shapes of the API as JSON Schema, draft 2020-12; they refer to each other as the OpenAPI document does. */
export const schemas = {
  ...commonSchemas,
  ...pipelinesSchemas,
  ...runsSchemas,
  ...approvalsSchemas,
  ...placesSchemas,
  ...valuesSchemas,
  ...peopleSchemas,
  ...auditSchemas,
  ...eventsSchemas,
  ...statusEventsSchemas,
} as const satisfies Record<string, JsonSchema>;

export type SchemaName = keyof typeof schemas;
