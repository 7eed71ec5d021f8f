import { GRANTS, type NeededRole } from './grants.ts';
import { rolesIn } from './membership.ts';
import type { Permission } from './permissions.ts';
import type { HeldRole, Resource } from './roles.ts';

/** `visible`: false means that the caller must not learn that the org exists; the answer is that of an unknown id. */
export type Decision =
  | { readonly allowed: true; readonly reason: string }
  | { readonly allowed: false; readonly visible: boolean; readonly reason: string };

/** The order in which roles are named. */
const SCOPES = ['org', 'app', 'env-type'] as const satisfies readonly HeldRole['scope'][];

/**
 * Everything is denied unless a row of the permission table allows it. Judged on roles and names alone, never on whether
 * the thing exists, so that a refusal tells nothing about it.
 */
export function decide(roles: readonly HeldRole[], permission: Permission, resource: Resource): Decision {
  const counting = rolesIn(roles, resource.org);
  if (counting.length === 0) return { allowed: false, visible: false, reason: `no role in org '${resource.org}'` };
  const ways: HeldRole[][] = [];
  for (const { needs, may } of GRANTS) {
    if (may !== 'everything' && !may.includes(permission)) continue;
    const way = needs.map(need => onResource(need, resource)).filter(role => role !== undefined);
    // A row about an app says nothing about what is not in an app.
    if (way.length === needs.length) ways.push(way);
  }
  const taken = ways.find(way => way.every(needed => counting.some(role => isSame(role, needed))));
  if (taken !== undefined) return { allowed: true, reason: taken.map(nameRole).join(' and ') };
  const concerned = counting.filter(role => concerns(role, resource));
  const held = SCOPES.flatMap(scope => concerned.filter(role => role.scope === scope).map(nameRole));
  const reason = `${permission} ${nameResource(resource)} needs ${nameWays(ways)}; held: ${held.join(', ')}`;
  return { allowed: false, visible: true, reason };
}

function onResource({ scope, role }: NeededRole, { org, app, envType }: Resource): HeldRole | undefined {
  switch (scope) {
    case 'org':
      return { scope, org, role };
    case 'app':
      return app === undefined ? undefined : { scope, org, app, role };
    case 'env-type':
      return envType === undefined ? undefined : { scope, org, envType, role };
  }
}

const isSame = (held: HeldRole, needed: HeldRole): boolean =>
  held.role === needed.role && placeOf(held) === placeOf(needed);

/** Others of the caller's roles have nothing to do with the decision. */
function concerns(role: HeldRole, { app, envType }: Resource): boolean {
  switch (role.scope) {
    case 'org':
      return true;
    case 'app':
      return role.app === app;
    case 'env-type':
      return role.envType === envType;
  }
}

function placeOf(role: HeldRole): string {
  switch (role.scope) {
    case 'org':
      return `org '${role.org}'`;
    case 'app':
      return `app '${role.app}'`;
    case 'env-type':
      return `environment type '${role.envType}'`;
  }
}

export const nameRole = (role: HeldRole): string => `${role.role} of ${placeOf(role)}`;

function nameResource({ org, app, envType }: Resource): string {
  const place = app === undefined ? `in org '${org}'` : `in app '${app}'`;
  return envType === undefined ? place : `${place} on environment type '${envType}'`;
}

/** Ways that differ in their first role only are told as one: `owner or developer of app 'shop'`. */
function nameWays(ways: readonly (readonly HeldRole[])[]): string {
  const byRest = new Map<string, string[]>();
  for (const [first, ...others] of ways) {
    if (first === undefined) continue;
    const rest = [placeOf(first), ...others.map(nameRole)].join(' with ');
    byRest.set(rest, [...(byRest.get(rest) ?? []), first.role]);
  }
  return Array.from(byRest, ([rest, names]) => `${names.join(' or ')} of ${rest}`).join(', or ');
}
