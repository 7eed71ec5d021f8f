import type { Route } from './route.ts';
import { actionsRoutes } from './routes/actions.ts';
import { approvalsRoutes } from './routes/approvals.ts';
import { artefactsRoutes } from './routes/artefacts.ts';
import { auditRoutes } from './routes/audit.ts';
import { callbacksRoutes } from './routes/callbacks.ts';
import { criteriaRoutes } from './routes/criteria.ts';
import { eventsRoutes } from './routes/events.ts';
import { orchestratorRoutes } from './routes/orchestrator.ts';
import { peopleRoutes } from './routes/people.ts';
import { pipelinesRoutes } from './routes/pipelines.ts';
import { placesRoutes } from './routes/places.ts';
import { runsRoutes } from './routes/runs.ts';
import { systemRoutes } from './routes/system.ts';
import { valuesRoutes } from './routes/values.ts';
import { webhooksRoutes } from './routes/webhooks.ts';

/**
 * The route table: every operation of the API, as data and nothing else (the CDK stack imports it). A new operation is a
 * row in `routes/` and a function in `operations/`; without a permission, or without the function, it does not compile.
 */
export const routes = {
  ...systemRoutes,
  ...pipelinesRoutes,
  ...runsRoutes,
  ...criteriaRoutes,
  ...artefactsRoutes,
  ...approvalsRoutes,
  ...actionsRoutes,
  ...callbacksRoutes,
  ...placesRoutes,
  ...valuesRoutes,
  ...peopleRoutes,
  ...orchestratorRoutes,
  ...auditRoutes,
  ...eventsRoutes,
  ...webhooksRoutes,
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof routes;
