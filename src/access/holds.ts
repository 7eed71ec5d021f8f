import { decide } from './decide.ts';
import { rolesIn } from './membership.ts';
import type { Permission } from './permissions.ts';
import type { AppRole, HeldRole, OrgRole } from './roles.ts';

/** Which roles on the org are at least which others there. The administrator is at least everything, so it has no row. */
const AT_LEAST: ReadonlyMap<string, readonly string[]> = new Map<OrgRole, readonly OrgRole[]>([
  ['manager', ['manager', 'member', 'artefactContributor']],
  ['orgViewer', ['orgViewer', 'member']],
  ['member', ['member']],
  ['artefactContributor', ['artefactContributor']],
]);

/** From the least to the most. */
const APP_ORDER: readonly string[] = ['viewer', 'developer', 'owner'] satisfies AppRole[];

const ASSIGNED_WITH: Readonly<Record<HeldRole['scope'], Permission>> = {
  org: 'users.assign',
  app: 'app-roles.assign',
  'env-type': 'env-type-roles.assign',
};

/** Whether somebody with these roles has at least what the wanted role gives. */
export function holds(roles: readonly HeldRole[], wanted: HeldRole): boolean {
  return rolesIn(roles, wanted.org).some(held => isAtLeast(held, wanted));
}

/**
 * Whether somebody with these roles may give this role to anybody, or take it away: nobody grants what they do not hold.
 * A change needs it for the old role and for the new one.
 */
export function mayGrant(roles: readonly HeldRole[], wanted: HeldRole): boolean {
  const resource = wanted.scope === 'app' ? { org: wanted.org, app: wanted.app } : { org: wanted.org };
  return holds(roles, wanted) && decide(roles, ASSIGNED_WITH[wanted.scope], resource).allowed;
}

/** Both are of one org. */
function isAtLeast(held: HeldRole, wanted: HeldRole): boolean {
  switch (held.scope) {
    case 'org':
      return isOrgRoleAtLeast(held.role, wanted);
    case 'app':
      return wanted.scope === 'app' && wanted.app === held.app && isAppRoleAtLeast(held.role, wanted.role);
    case 'env-type':
      return wanted.scope === 'env-type' && wanted.envType === held.envType && wanted.role === held.role;
  }
}

function isOrgRoleAtLeast(held: string, wanted: HeldRole): boolean {
  // Also what this version does not know, so that somebody can take it away.
  if (held === 'administrator') return true;
  if (wanted.scope === 'app') return held === 'orgViewer' && wanted.role === 'viewer';
  if (wanted.scope === 'env-type') return false;
  return AT_LEAST.get(held)?.includes(wanted.role) === true;
}

function isAppRoleAtLeast(held: string, wanted: string): boolean {
  return APP_ORDER.includes(wanted) && APP_ORDER.indexOf(held) >= APP_ORDER.indexOf(wanted);
}
