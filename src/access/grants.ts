import type { Permission } from './permissions.ts';
import type { AppRole, EnvTypeRole, OrgRole } from './roles.ts';

/** A role that a row asks for: on the org, the app or the type of environments of what is acted on. */
export type NeededRole =
  | { readonly scope: 'org'; readonly role: OrgRole }
  | { readonly scope: 'app'; readonly role: AppRole }
  | { readonly scope: 'env-type'; readonly role: EnvTypeRole };

/** Whoever holds all of `needs` may do what `may` names. `everything`: also what a later version of the product adds. */
export type Grant = {
  readonly needs: readonly [NeededRole, ...NeededRole[]];
  readonly may: 'everything' | readonly Permission[];
};

const org = (role: OrgRole): NeededRole => ({ scope: 'org', role });
const app = (role: AppRole): NeededRole => ({ scope: 'app', role });
const envType = (role: EnvTypeRole): NeededRole => ({ scope: 'env-type', role });

/** What comes with being in the org, whatever the role. */
const MEMBER = ['org.read', 'actions.read', 'env-types.read'] as const;

const VIEWER = ['apps.read', 'pipelines.read', 'criteria.read', 'runs.read', 'approvals.read'] as const;

const DEVELOPER = [
  ...VIEWER,
  'runs.start',
  'runs.cancel',
  'runs.restart',
  'runs.delete',
  'values.read',
  'values.write',
  'values.open',
  'environments.read',
  'webhooks.read',
] as const;

const OWNER = [
  ...DEVELOPER,
  'pipelines.create',
  'pipelines.update',
  'pipelines.delete',
  'criteria.create',
  'criteria.delete',
  'app-roles.read',
  'app-roles.assign',
  'webhooks.write',
] as const;

/** Needs the app as well: neither role alone touches an environment. */
const DEPLOYER = [
  'environments.create',
  'environments.update',
  'environments.delete',
  'environments.deploy',
  'approvals.decide',
] as const;

/** The permission table. What no row allows is denied. */
export const GRANTS: readonly Grant[] = [
  { needs: [org('administrator')], may: 'everything' },
  {
    needs: [org('manager')],
    may: [
      ...MEMBER,
      'apps.create',
      'users.read',
      'users.invite',
      'users.remove',
      'users.assign',
      'service-users.create',
      'tokens.manage',
      'groups.read',
      'groups.manage',
      // It gives the role of those who do.
      'artefacts.push',
    ],
  },
  {
    needs: [org('orgViewer')],
    may: [
      ...MEMBER,
      ...VIEWER,
      'event-callers.read',
      'users.read',
      'groups.read',
      'app-roles.read',
      'values.read',
      'environments.read',
      'webhooks.read',
      'env-type-roles.read',
    ],
  },
  { needs: [org('member')], may: MEMBER },
  { needs: [org('artefactContributor')], may: [...MEMBER, 'artefacts.push'] },
  { needs: [app('owner')], may: OWNER },
  { needs: [app('developer')], may: DEVELOPER },
  { needs: [app('viewer')], may: VIEWER },
  { needs: [app('owner'), envType('deployer')], may: DEPLOYER },
  { needs: [app('developer'), envType('deployer')], may: DEPLOYER },
];
