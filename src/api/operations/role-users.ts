import type { HeldRole } from '../../access/roles.ts';
import { getApp } from '../../store/apps.ts';
import { getEnvType } from '../../store/env-types.ts';
import { changeRole, putNewRole, type RolePlace, removeRole } from '../../store/roles.ts';
import { heldRole } from '../../store/subjects.ts';
import { cursorOfUser, listUsers } from '../../store/users.ts';
import { assertNever } from '../assert-never.ts';
import { refuseChange, refuseGrant } from '../granting.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Call, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderUser } from '../render/user.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, type Refusal, type Reply, refuse } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { userOf, userOfOrg } from '../user-of-org.ts';

type AppParams = { readonly org: string; readonly app: string };
type EnvTypeParams = { readonly org: string; readonly envType: string };

const app = ({ org, app }: AppParams): RolePlace => ({ scope: 'app', org, app });
const envType = ({ org, envType }: EnvTypeParams): RolePlace => ({ scope: 'env-type', org, envType });

const roleAt = (place: RolePlace, role: string): HeldRole => ({ ...place, role });

export const listUsersInApp =
  (dependencies: ApiDependencies): Operation<'listUsersInApp'> =>
  call =>
    replyList(dependencies, call, listing(dependencies, app(call.params)));

export const listUsersInEnvType =
  (dependencies: ApiDependencies): Operation<'listUsersInEnvType'> =>
  call =>
    replyList(dependencies, call, listing(dependencies, envType(call.params)));

export const addUserToApp =
  (dependencies: ApiDependencies): Operation<'addUserToApp'> =>
  call => {
    const body = readBody(call.request, peopleBodies.NewAppRole);
    return isRefusal(body) ? body : add(dependencies, call, app(call.params), body.value);
  };

export const addUserToEnvType =
  (dependencies: ApiDependencies): Operation<'addUserToEnvType'> =>
  call => {
    const body = readBody(call.request, peopleBodies.NewEnvTypeRole);
    return isRefusal(body) ? body : add(dependencies, call, envType(call.params), body.value);
  };

export const getUserInApp =
  (dependencies: ApiDependencies): Operation<'getUserInApp'> =>
  ({ params }) =>
    show(dependencies, app(params), params.user);

export const getUserInEnvType =
  (dependencies: ApiDependencies): Operation<'getUserInEnvType'> =>
  ({ params }) =>
    show(dependencies, envType(params), params.user);

export const updateUserInApp =
  (dependencies: ApiDependencies): Operation<'updateUserInApp'> =>
  call => {
    const body = readBody(call.request, peopleBodies.AppRoleChange);
    return isRefusal(body) ? body : change(dependencies, call, app(call.params), call.params.user, body.value.role);
  };

export const updateUserInEnvType =
  (dependencies: ApiDependencies): Operation<'updateUserInEnvType'> =>
  call => {
    const body = readBody(call.request, peopleBodies.EnvTypeRoleChange);
    return isRefusal(body) ? body : change(dependencies, call, envType(call.params), call.params.user, body.value.role);
  };

export const removeUserFromApp =
  (dependencies: ApiDependencies): Operation<'removeUserFromApp'> =>
  call =>
    remove(dependencies, call, app(call.params), call.params.user);

export const removeUserFromEnvType =
  (dependencies: ApiDependencies): Operation<'removeUserFromEnvType'> =>
  call =>
    remove(dependencies, call, envType(call.params), call.params.user);

type ChangeCall = Pick<Call<'addUserToApp'>, 'caller' | 'audit'>;

const listing = ({ table }: ApiDependencies, place: RolePlace) => ({
  read: (limit: number, after: Parameters<typeof listUsers>[3]) => listUsers(table, place, limit, after),
  cursorOf: cursorOfUser,
  render: renderUser,
});

async function show({ table }: ApiDependencies, place: RolePlace, id: string): Promise<Reply | Refusal> {
  const found = await userOf(table, place, id);
  return found === undefined ? NOT_FOUND : { status: 200, body: renderUser(found) };
}

async function add(
  { table, clock }: ApiDependencies,
  { caller, audit }: ChangeCall,
  place: RolePlace,
  given: { readonly id: string; readonly role: string },
): Promise<Reply | Refusal> {
  const role = roleAt(place, given.role);
  audit({ subject: given.id, role: given.role });
  const refused = refuseGrant(caller, [role]);
  if (refused !== undefined) return refused;
  const found = await userOfOrg(table, place.org, given.id);
  if (found === undefined) return NOT_FOUND;
  if (!(await putNewRole(table, given.id, role, clock.now()))) {
    return refuse('ROLE_EXISTS', `${given.id} has a role there already; change it with PATCH.`);
  }
  // Whoever deletes the place, or takes the user out of the org, clears the roles that there are: either they saw this one,
  // or what they did is seen here.
  const [there, still] = await Promise.all([isThere(table, place), userOfOrg(table, place.org, given.id)]);
  if (!there || still === undefined) {
    await removeRole(table, given.id, role);
    return NOT_FOUND;
  }
  return { status: 200, body: renderUser({ profile: found.profile, role }) };
}

async function isThere(table: ApiDependencies['table'], place: RolePlace): Promise<boolean> {
  switch (place.scope) {
    case 'org':
      return true;
    case 'app':
      return (await getApp(table, place)) !== undefined;
    case 'env-type':
      return (await getEnvType(table, place.org, place.envType)) !== undefined;
    default:
      return assertNever(place);
  }
}

async function change(
  { table }: ApiDependencies,
  { caller, audit }: ChangeCall,
  place: RolePlace,
  id: string,
  to: string,
): Promise<Reply | Refusal> {
  const wanted = roleAt(place, to);
  audit({ subject: id, role: to });
  const beyond = refuseGrant(caller, [wanted]);
  if (beyond !== undefined) return beyond;
  const found = await userOf(table, place, id);
  if (found === undefined) return NOT_FOUND;
  audit({ old_role: found.role.role });
  const refused = refuseGrant(caller, [heldRole(found.role)]);
  if (refused !== undefined) return refused;
  const failed = refuseChange(await changeRole(table, id, found.role, to));
  return failed ?? { status: 200, body: renderUser({ profile: found.profile, role: wanted }) };
}

async function remove(
  { table }: ApiDependencies,
  { caller, audit }: ChangeCall,
  place: RolePlace,
  id: string,
): Promise<Reply | Refusal> {
  audit({ subject: id });
  const found = await userOf(table, place, id);
  if (found === undefined) return NOT_FOUND;
  audit({ old_role: found.role.role });
  const refused = refuseGrant(caller, [heldRole(found.role)]);
  return refused ?? refuseChange(await removeRole(table, id, found.role)) ?? NO_CONTENT;
}
