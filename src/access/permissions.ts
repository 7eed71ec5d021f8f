/**
 * Everything a route, an action or an expression can ask for: what is done to which noun. Who holds it is said by the rows
 * of `grants.ts`. The comment says what the permission is judged on.
 */
export const PERMISSIONS = [
  // The org. `org.read`: be in it at all (lists, which show what one may read; the language's schema; one's own rights).
  'org.read',
  'audit.read',
  /** Which accounts call pipelines by events, and as which service users. */
  'event-callers.read',
  'event-callers.write',
  /** Actions that the org registered. */
  'actions.read',
  'actions.register',
  /** The Platform Orchestrator that steps act on; no route answers its token. */
  'orchestrator.read',
  'orchestrator.write',
  // People of the org.
  'users.read',
  'users.invite',
  'users.remove',
  'users.assign',
  'service-users.create',
  'tokens.manage',
  'groups.read',
  'groups.manage',
  /** Tell of a new version of an artefact, which may start pipelines of any app. */
  'artefacts.push',
  // The app.
  'apps.create',
  'apps.read',
  'apps.update',
  'apps.delete',
  'app-roles.read',
  'app-roles.assign',
  'pipelines.read',
  'pipelines.create',
  'pipelines.update',
  'pipelines.delete',
  'criteria.read',
  'criteria.create',
  'criteria.delete',
  'runs.read',
  'runs.start',
  'runs.cancel',
  'runs.restart',
  'runs.delete',
  'approvals.read',
  'values.read',
  'values.write',
  /** Let an expression of a run read a secret value; no route answers one. */
  'values.open',
  'environments.read',
  /** Whom the app tells of its events, up to the host, and what came of it. */
  'webhooks.read',
  /** Change that, see whole URLs, and have things sent again. */
  'webhooks.write',
  // The app and the type of an environment together.
  'environments.create',
  'environments.update',
  'environments.delete',
  'environments.deploy',
  'approvals.decide',
  // The type of environments.
  'env-types.read',
  'env-types.create',
  'env-types.delete',
  'env-type-roles.read',
  'env-type-roles.assign',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
