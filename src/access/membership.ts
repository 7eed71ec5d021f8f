import { APP_ROLES, ENV_TYPE_ROLES, type HeldRole, ORG_ROLES } from './roles.ts';

/**
 * The roles that count in an org: none without a role of the org itself, so that taking that one away takes away everything
 * in it. Text that is no role of this version of the product counts for nothing, not even as being in the org.
 */
export function rolesIn(roles: readonly HeldRole[], org: string): readonly HeldRole[] {
  const known = roles.filter(role => role.org === org && isKnown(role));
  return known.some(role => role.scope === 'org') ? known : [];
}

function isKnown({ scope, role }: HeldRole): boolean {
  const names: readonly string[] = { org: ORG_ROLES, app: APP_ROLES, 'env-type': ENV_TYPE_ROLES }[scope];
  return names.includes(role);
}
