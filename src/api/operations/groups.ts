import type { HeldRole } from '../../access/roles.ts';
import { leaveOrg } from '../../store/leave-org.ts';
import { changeRole, putNewRole } from '../../store/roles.ts';
import { heldRole, putSubject, readSubject, renameSubject, type SubjectRecord } from '../../store/subjects.ts';
import { cursorOfGroup, listGroups as readGroups } from '../../store/users.ts';
import { refuseChange, refuseGrant } from '../granting.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderUser } from '../render/user.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { userOfOrg } from '../user-of-org.ts';

export const listGroups =
  (dependencies: ApiDependencies): Operation<'listGroups'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) => readGroups(dependencies.table, call.params.org, limit, after),
      cursorOf: cursorOfGroup,
      render: renderUser,
    });

export const createGroup =
  ({ table, ids, clock }: ApiDependencies): Operation<'createGroup'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.NewGroup);
    if (isRefusal(body)) return body;
    const role = { scope: 'org' as const, org: params.org, role: body.value.role };
    audit({ role: role.role });
    const refused = refuseGrant(caller, [role]);
    if (refused !== undefined) return refused;
    const id = `g-${ids.uuid()}`;
    audit({ subject: id });
    const createdAt = clock.now();
    const profile = { id, type: 'group' as const, name: body.value.name, createdAt };
    await putSubject(table, profile);
    await putNewRole(table, id, role, createdAt);
    return { status: 200, body: renderUser({ profile, role }) };
  };

export const getGroup =
  ({ table }: ApiDependencies): Operation<'getGroup'> =>
  async ({ params }) => {
    const found = await userOfOrg(table, params.org, params.group);
    return found === undefined ? NOT_FOUND : { status: 200, body: renderUser(found) };
  };

export const updateGroup =
  ({ table }: ApiDependencies): Operation<'updateGroup'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.GroupChange);
    if (isRefusal(body)) return body;
    const { org, group } = params;
    const found = await userOfOrg(table, org, group);
    const { role = found?.role.role ?? 'member', name } = body.value;
    audit({ role });
    // A new name alone is judged too: people give roles to what a group is called. And all that the group holds, for its
    // roles on apps and types count only as long as the one that is changed.
    const held = found === undefined ? [] : rolesIn(found.profile, org);
    const refused = refuseGrant(caller, [{ scope: 'org' as const, org, role }, ...held]);
    if (refused !== undefined) return refused;
    if (found === undefined) return NOT_FOUND;
    const failed = refuseChange(await changeRole(table, group, found.role, role));
    if (failed !== undefined) return failed;
    if (name !== undefined) await renameSubject(table, group, name);
    const profile = { ...found.profile, name: name ?? found.profile.name };
    return { status: 200, body: renderUser({ profile, role: { role } }) };
  };

export const deleteGroup =
  ({ table }: ApiDependencies): Operation<'deleteGroup'> =>
  async ({ caller, params }) => {
    const { org } = params;
    const group = await readSubject(table, params.group);
    // Any role: one of an app may be what an earlier attempt left behind.
    if (group?.type !== 'group' || rolesIn(group, org).length === 0) return NOT_FOUND;
    const refused = refuseGrant(caller, rolesIn(group, org));
    return refused ?? refuseChange(await leaveOrg(table, group, org)) ?? NO_CONTENT;
  };

const rolesIn = ({ roles }: SubjectRecord, org: string): readonly HeldRole[] =>
  roles.filter(held => held.org === org).map(heldRole);
