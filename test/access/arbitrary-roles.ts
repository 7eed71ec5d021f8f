import fc from 'fast-check';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import { APP_ROLES, ENV_TYPE_ROLES, type HeldRole, ORG_ROLES, type Resource } from '../../src/access/roles.ts';

/** Few names, so that roles and resources meet often. */
const ORGS = ['acme', 'rival'] as const;
const APPS = ['shop', 'blog'] as const;
const ENV_TYPES = ['production', 'development'] as const;

const org = fc.constantFrom(...ORGS);
const app = fc.constantFrom(...APPS);
const envType = fc.constantFrom(...ENV_TYPES);

/** A role of this product, in its place. */
export const knownRole: fc.Arbitrary<HeldRole> = fc.oneof(
  fc.record({ scope: fc.constant('org' as const), org, role: fc.constantFrom(...ORG_ROLES) }),
  fc.record({ scope: fc.constant('app' as const), org, app, role: fc.constantFrom(...APP_ROLES) }),
  fc.record({ scope: fc.constant('env-type' as const), org, envType, role: fc.constantFrom(...ENV_TYPE_ROLES) }),
);

const ALL_ROLES: readonly string[] = [...ORG_ROLES, ...APP_ROLES, ...ENV_TYPE_ROLES];

/** Text that is a role of no scope; sometimes nearly. */
export const strangeText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string(),
    fc.constantFrom('Administrator', 'OWNER', ' member', '__proto__', 'constructor', 'everything', '*'),
  )
  .filter(text => !ALL_ROLES.includes(text));

export const knownRoles: fc.Arbitrary<readonly HeldRole[]> = fc.array(knownRole, { maxLength: 6 });

export const permission = fc.constantFrom(...PERMISSIONS);

export const resource: fc.Arbitrary<Resource> = fc.record({ org, app, envType }, { requiredKeys: ['org'] });

/** The role with what it needs to count at all: being in the org. */
export const withMembership = (role: HeldRole): readonly HeldRole[] =>
  role.scope === 'org' ? [role] : [{ scope: 'org', org: role.org, role: 'member' }, role];

/** Everything that can be asked about these names. */
export const everyResource: readonly Resource[] = ORGS.flatMap((org): Resource[] => [
  { org },
  ...APPS.map(app => ({ org, app })),
  ...ENV_TYPES.map(envType => ({ org, envType })),
  ...APPS.flatMap(app => ENV_TYPES.map(envType => ({ org, app, envType }))),
]);

/** One of each role in each place. */
export const everyRole: readonly HeldRole[] = ORGS.flatMap((org): HeldRole[] => [
  ...ORG_ROLES.map(role => ({ scope: 'org' as const, org, role })),
  ...APPS.flatMap(app => APP_ROLES.map(role => ({ scope: 'app' as const, org, app, role }))),
  ...ENV_TYPES.flatMap(envType => ENV_TYPE_ROLES.map(role => ({ scope: 'env-type' as const, org, envType, role }))),
]);
