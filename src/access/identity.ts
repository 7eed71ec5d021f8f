import { nameRole } from './decide.ts';
import { holds } from './holds.ts';
import { rolesIn } from './membership.ts';
import type { AppRole, EnvTypeRole, HeldRole } from './roles.ts';

/** Who runs with delegated roles are said to act as. It has no token and no roles of its own. */
export const PIPELINES_SYSTEM_USER = '00000000-0000-0000-0000-000000000000';

/** The roles that a definition names for its runs. */
export type Delegation = {
  readonly application?: AppRole;
  readonly envTypes: Readonly<Record<string, EnvTypeRole>>;
};

export type Judgement = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Everything that a run with delegated roles holds. Being in the org is part of it: without, the others would not count. */
export function delegatedRoles(delegation: Delegation, org: string, app: string): readonly HeldRole[] {
  return [{ scope: 'org', org, role: 'member' }, ...namedRoles(delegation, org, app)];
}

/** Nobody delegates what they do not hold. */
export function judgeDelegation(
  author: readonly HeldRole[],
  delegation: Delegation,
  org: string,
  app: string,
): Judgement {
  if (rolesIn(author, org).length === 0) return refused(`no role in org '${org}'`);
  const missing = namedRoles(delegation, org, app).filter(role => !holds(author, role));
  return missing.length === 0 ? { ok: true } : refused(`not held: ${missing.map(nameRole).join(', ')}`);
}

/** Nobody acts as a service user that may more than they do: the author holds all that it has in the org. */
export function judgeServiceUser(
  author: readonly HeldRole[],
  serviceUser: { readonly id: string; readonly roles: readonly HeldRole[] },
  org: string,
): Judgement {
  // One reason for somebody of another org and for nobody at all.
  if (rolesIn(serviceUser.roles, org).length === 0) {
    return refused(`service user '${serviceUser.id}' has no role in org '${org}'`);
  }
  const missing = serviceUser.roles.filter(role => role.org === org && !holds(author, role));
  if (missing.length === 0) return { ok: true };
  return refused(`not held, but service user '${serviceUser.id}' has it: ${missing.map(nameRole).join(', ')}`);
}

function namedRoles({ application, envTypes }: Delegation, org: string, app: string): readonly HeldRole[] {
  return [
    ...(application === undefined ? [] : [{ scope: 'app' as const, org, app, role: application }]),
    ...Object.entries(envTypes).map(([envType, role]) => ({ scope: 'env-type' as const, org, envType, role })),
  ];
}

const refused = (reason: string): Judgement => ({ ok: false, reason });
