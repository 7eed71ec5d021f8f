import type { Table } from '../ports/table.ts';
import type { RolePlace, RoleRecord } from '../store/roles.ts';
import { readSubject, type SubjectRecord } from '../store/subjects.ts';

/** Somebody with the role that they have themselves; what their groups give is not in it. */
export type UserThere = { readonly profile: SubjectRecord; readonly role: RoleRecord };

/** Undefined: nobody of the org has this id, whether somebody of another org has it or not. */
export function userOfOrg(table: Table, org: string, id: string): Promise<UserThere | undefined> {
  return userOf(table, { scope: 'org', org }, id);
}

export async function userOf(table: Table, place: RolePlace, id: string): Promise<UserThere | undefined> {
  const profile = await readSubject(table, id);
  const role = profile?.roles.find(held => isAt(held, place));
  const inOrg = profile?.roles.some(held => held.scope === 'org' && held.org === place.org);
  return profile === undefined || role === undefined || !inOrg ? undefined : { profile, role };
}

function isAt(held: RolePlace, place: RolePlace): boolean {
  if (held.org !== place.org) return false;
  switch (place.scope) {
    case 'org':
      return held.scope === 'org';
    case 'app':
      return held.scope === 'app' && held.app === place.app;
    case 'env-type':
      return held.scope === 'env-type' && held.envType === place.envType;
  }
}
