import type { HeldRole } from '../../access/roles.ts';
import { leaveOrg } from '../../store/leave-org.ts';
import { changeRole } from '../../store/roles.ts';
import { heldRole, readRoles, readSubject, type SubjectRecord } from '../../store/subjects.ts';
import { cursorOfUser, listUsers } from '../../store/users.ts';
import { refuseChange, refuseGrant } from '../granting.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderUser } from '../render/user.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { userOfOrg } from '../user-of-org.ts';

export const listUsersInOrg =
  (dependencies: ApiDependencies): Operation<'listUsersInOrg'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) => listUsers(dependencies.table, { scope: 'org', org: call.params.org }, limit, after),
      cursorOf: cursorOfUser,
      render: renderUser,
    });

export const getUserInOrg =
  ({ table }: ApiDependencies): Operation<'getUserInOrg'> =>
  async ({ params }) => {
    const found = await userOfOrg(table, params.org, params.user);
    return found === undefined ? NOT_FOUND : { status: 200, body: renderUser(found) };
  };

export const updateUserInOrg =
  ({ table }: ApiDependencies): Operation<'updateUserInOrg'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.OrgRoleChange);
    if (isRefusal(body)) return body;
    const { role } = body.value;
    audit({ subject: params.user, role });
    const wanted: HeldRole = { scope: 'org', org: params.org, role };
    const beyond = refuseGrant(caller, [wanted]);
    if (beyond !== undefined) return beyond;
    const found = await userOfOrg(table, params.org, params.user);
    if (found === undefined) return NOT_FOUND;
    audit({ old_role: found.role.role });
    const refused = refuseGrant(caller, rolesAtStake(found.profile, [found.role], params.org));
    if (refused !== undefined) return refused;
    const failed = refuseChange(await changeRole(table, params.user, found.role, role));
    return failed ?? { status: 200, body: renderUser({ profile: found.profile, role: wanted }) };
  };

export const removeUserFromOrg =
  ({ table }: ApiDependencies): Operation<'removeUserFromOrg'> =>
  async ({ caller, params, audit }) => {
    const { org, user } = params;
    audit({ subject: user });
    const subject = await readSubject(table, user);
    // Any role: one of the app may be what an earlier attempt left behind.
    if (!subject?.roles.some(held => held.org === org)) return NOT_FOUND;
    const roles = await readRoles(table, subject);
    const ofOrg = roles.filter(held => held.scope === 'org' && held.org === org);
    const refused = refuseGrant(caller, rolesAtStake(subject, ofOrg, org));
    return refused ?? refuseChange(await leaveOrg(table, subject, org)) ?? NO_CONTENT;
  };

/** Of a group all that it holds in the org, as at `/groups`: its members have nothing of it without its role of the org. */
function rolesAtStake(subject: SubjectRecord, ofOrg: readonly HeldRole[], org: string): readonly HeldRole[] {
  if (subject.type !== 'group') return ofOrg;
  return subject.roles.filter(held => held.org === org).map(heldRole);
}
