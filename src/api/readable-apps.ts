import { decide } from '../access/decide.ts';
import type { Permission } from '../access/permissions.ts';
import type { Caller } from './authenticate.ts';

/**
 * Lists of an org show whoever is in it what they may read there. Undefined: of every app; else, whether of this one. Each
 * app is judged once for a list.
 */
export function readableApps(
  caller: Pick<Caller, 'roles'>,
  permission: Permission,
  org: string,
): ((app: string) => boolean) | undefined {
  if (decide(caller.roles, permission, { org }).allowed) return undefined;
  const judged = new Map<string, boolean>();
  return app => {
    const known = judged.get(app) ?? decide(caller.roles, permission, { org, app }).allowed;
    judged.set(app, known);
    return known;
  };
}
