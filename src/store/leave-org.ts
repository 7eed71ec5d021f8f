import type { Table } from '../ports/table.ts';
import { removeInvitation } from './invitations.ts';
import { membershipKey, roleKey } from './keys.ts';
import { emptyGroup } from './members.ts';
import { type RoleChange, removeRole } from './roles.ts';
import { deleteSubject, readSubject, type SubjectRecord } from './subjects.ts';

/**
 * Takes somebody out of an org. The role of the org goes first: without it nothing else of theirs counts there. What is left
 * behind by a crash is only litter, and the same request again tidies it up. Who is in no org any more, as every service
 * user and group is then, is deleted with all tokens.
 */
export async function leaveOrg(table: Table, subject: SubjectRecord, org: string): Promise<RoleChange> {
  const role = subject.roles.find(held => held.scope === 'org' && held.org === org);
  const change = role === undefined ? 'done' : await removeRole(table, subject.id, role);
  if (change !== 'done') return change;
  if (subject.email !== undefined) await removeInvitation(table, org, subject.email, subject.id);
  if (!subject.roles.some(held => held.scope === 'org' && held.org !== org)) {
    await deleteSubject(table, subject.id);
    if (subject.type === 'group') await emptyGroup(table, subject.id);
    return 'done';
  }
  const rest = subject.roles.filter(held => held.scope !== 'org' && held.org === org);
  const groups = await Promise.all(subject.groups.map(id => readSubject(table, id)));
  const left = groups.flatMap(group => (group?.roles.some(held => held.org === org) ? [group.id] : []));
  await Promise.all([
    ...rest.map(held => table.write({ delete: roleKey(subject.id, held) })),
    ...left.map(group => table.write({ delete: membershipKey(subject.id, group) })),
  ]);
  return 'done';
}
