import { GRANTS, type Grant } from './grants.ts';
import type { Permission } from './permissions.ts';
import type { HeldRole, Resource } from './roles.ts';

/** `visible`: false means that the caller must not learn that the org exists; the answer is that of an unknown id. */
export type Decision =
  | { readonly allowed: true; readonly reason: string }
  | { readonly allowed: false; readonly visible: boolean; readonly reason: string };

/** Everything is denied unless a row of the permission table allows it. */
export function decide(roles: readonly HeldRole[], permission: Permission, resource: Resource): Decision {
  const held = roles.filter(role => role.org === resource.org);
  if (held.length === 0) return { allowed: false, visible: false, reason: `no role in org '${resource.org}'` };
  const enough = GRANTS.filter(grant => covers(grant, permission));
  const by = held.find(role => enough.some(grant => grant.scope === role.scope && grant.role === role.role));
  if (by !== undefined) return { allowed: true, reason: `${by.role} of org '${by.org}'` };
  return {
    allowed: false,
    visible: true,
    reason: `${permission} in org '${resource.org}' needs ${names(enough.map(grant => grant.role))}; you are ${names(held.map(role => role.role))}`,
  };
}

const covers = (grant: Grant, permission: Permission): boolean =>
  grant.may === 'everything' || grant.may.includes(permission);

const names = (roles: readonly string[]): string => roles.join(' or ');
