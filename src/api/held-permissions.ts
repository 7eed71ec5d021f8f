import { decide } from '../access/decide.ts';
import { PERMISSIONS, type Permission } from '../access/permissions.ts';
import type { HeldRole, Resource } from '../access/roles.ts';

export type HeldPermission = { readonly permission: Permission; readonly resource: Resource; readonly reason: string };

/**
 * Everything that somebody with these roles may do in an org: judged by the very function that judges requests, on the org
 * and on every app and environment type that a role names. What holds in the org is not told for each app again.
 */
export function permissionsIn(org: string, roles: readonly HeldRole[]): readonly HeldPermission[] {
  const here = roles.filter(role => role.org === org);
  const apps = [...new Set(here.flatMap(role => (role.scope === 'app' ? [role.app] : [])))];
  const envTypes = [...new Set(here.flatMap(role => (role.scope === 'env-type' ? [role.envType] : [])))];
  const resources: readonly Resource[] = [
    { org },
    ...apps.map(app => ({ org, app })),
    ...envTypes.map(envType => ({ org, envType })),
    ...apps.flatMap(app => envTypes.map(envType => ({ org, app, envType }))),
  ];
  const found: HeldPermission[] = [];
  for (const resource of resources) {
    for (const permission of PERMISSIONS) {
      if (found.some(known => known.permission === permission && includes(known.resource, resource))) continue;
      const decision = decide(roles, permission, resource);
      if (decision.allowed) found.push({ permission, resource, reason: decision.reason });
    }
  }
  return found;
}

const includes = (wide: Resource, narrow: Resource): boolean =>
  (wide.app === undefined || wide.app === narrow.app) &&
  (wide.envType === undefined || wide.envType === narrow.envType);
