import type { HeldRole } from '../../access/roles.ts';
import {
  cursorOfMember,
  addMember as putMember,
  listMembers as readMembers,
  removeMember as takeMember,
} from '../../store/members.ts';
import { heldRole } from '../../store/subjects.ts';
import { refuseGrant } from '../granting.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderMember } from '../render/user.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { type UserThere, userOfOrg } from '../user-of-org.ts';

export const listMembers =
  (dependencies: ApiDependencies): Operation<'listMembers'> =>
  async call => {
    const { table } = dependencies;
    const { org, group } = call.params;
    if ((await userOfOrg(table, org, group)) === undefined) return NOT_FOUND;
    return replyList(dependencies, call, {
      read: (limit, after) => readMembers(table, group, limit, after),
      cursorOf: cursorOfMember(group),
      render: renderMember,
    });
  };

/** To be in a group is to have its roles, so whoever puts somebody in has to be able to give them all. */
export const addMember =
  ({ table, clock }: ApiDependencies): Operation<'addMember'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.NewMember);
    if (isRefusal(body)) return body;
    const { org, group } = params;
    const { id } = body.value;
    audit({ subject: id });
    const [found, user] = await Promise.all([userOfOrg(table, org, group), userOfOrg(table, org, id)]);
    if (found === undefined) return NOT_FOUND;
    const refused = refuseGrant(caller, rolesOf(found));
    if (refused !== undefined) return refused;
    // A group is in no group.
    if (user === undefined || user.profile.type === 'group') return NOT_FOUND;
    const since = clock.now();
    if (!(await putMember(table, group, id, since))) {
      return refuse('MEMBER_EXISTS', `${id} is in the group already.`);
    }
    // Whoever deletes the group, or takes the user out of the org, clears what there is: either they saw this one, or what
    // they did is seen here.
    const [groupNow, userNow] = await Promise.all([userOfOrg(table, org, group), userOfOrg(table, org, id)]);
    if (groupNow === undefined || userNow === undefined) {
      await takeMember(table, group, id);
      return NOT_FOUND;
    }
    return { status: 200, body: renderMember({ ...user.profile, since }) };
  };

export const removeMember =
  ({ table }: ApiDependencies): Operation<'removeMember'> =>
  async ({ caller, params, audit }) => {
    const { org, group, user } = params;
    audit({ subject: user });
    const [found, member] = await Promise.all([userOfOrg(table, org, group), userOfOrg(table, org, user)]);
    if (found === undefined) return NOT_FOUND;
    const refused = refuseGrant(caller, rolesOf(found));
    if (refused !== undefined) return refused;
    if (!member?.profile.groups.includes(group)) return NOT_FOUND;
    await takeMember(table, group, user);
    return NO_CONTENT;
  };

const rolesOf = (group: UserThere): readonly HeldRole[] => group.profile.roles.map(heldRole);
