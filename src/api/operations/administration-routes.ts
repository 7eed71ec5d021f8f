import type { Operations } from '../operation.ts';
import { actionsRoutes } from '../routes/actions.ts';
import { auditRoutes } from '../routes/audit.ts';
import { criteriaRoutes } from '../routes/criteria.ts';
import { eventsRoutes } from '../routes/events.ts';
import { orchestratorRoutes } from '../routes/orchestrator.ts';
import { peopleRoutes } from '../routes/people.ts';
import { placesRoutes } from '../routes/places.ts';
import { valuesRoutes } from '../routes/values.ts';
import { webhooksRoutes } from '../routes/webhooks.ts';

/** The rows whose operations are loaded later. */
export const ADMINISTRATION_ROUTES = {
  ...actionsRoutes,
  ...auditRoutes,
  ...criteriaRoutes,
  ...eventsRoutes,
  ...orchestratorRoutes,
  ...peopleRoutes,
  ...placesRoutes,
  ...valuesRoutes,
  ...webhooksRoutes,
} as const;

/** The operations of `administration.ts`. */
export type Administration = Pick<Operations, keyof typeof ADMINISTRATION_ROUTES>;
