import type { Table } from '../ports/table.ts';
import { clearSubjectIn } from './clear.ts';
import { removeInvitation } from './invitations.ts';
import { emptyGroup } from './members.ts';
import { type RoleChange, removeRole } from './roles.ts';
import { deleteSubject, type SubjectRecord } from './subjects.ts';

/**
 * Takes somebody out of an org. The role of the org goes first: without it nothing else of theirs counts there. What is left
 * behind by a crash is only litter, and the same request again tidies it up. Who is in no org any more, as every service
 * user and group is then, is deleted with all tokens.
 */
export async function leaveOrg(table: Table, subject: SubjectRecord, org: string): Promise<RoleChange> {
  // A group without its role has nothing that says whose it is, so nobody could be told to empty it: that comes before.
  if (subject.type === 'group') await emptyGroup(table, subject.id);
  const role = subject.roles.find(held => held.scope === 'org' && held.org === org);
  const change = role === undefined ? 'done' : await removeRole(table, subject.id, role);
  if (change !== 'done') return change;
  if (subject.email !== undefined) await removeInvitation(table, org, subject.email, subject.id);
  const stays = subject.roles.some(held => held.scope === 'org' && held.org !== org);
  // As it is now: a role that was given meanwhile goes too. Of a group what is left says whose it is, as long as it is there.
  if (stays || subject.type === 'group') await clearSubjectIn(table, subject.id, org);
  if (stays) return 'done';
  await deleteSubject(table, subject.id);
  if (subject.type === 'group') await emptyGroup(table, subject.id);
  return 'done';
}
