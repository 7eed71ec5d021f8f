import { type ReadList, useAction, useApiList } from '../../api/api.ts';
import { useRights, type Verdict } from '../../api/can.ts';
import type { Result } from '../../api/client.ts';
import type { AppUser } from '../../api/types.ts';
import type { Place } from '../../app/place.ts';

/** Somebody with a role at a place: a user, a service user or a group. */
export type Holder = Pick<AppUser, 'id' | 'name' | 'type' | 'created_at' | 'email'> & { readonly role: string };

/** Who holds roles at one place, and how that is changed there. */
export type Roles = {
  readonly org: string;
  /** For headings: `the app hello`. */
  readonly where: string;
  readonly roles: readonly string[];
  readonly list: ReadList<Holder>;
  readonly mayAssign: Verdict;
  readonly add: (id: string, role: string) => Promise<Result<unknown>>;
  readonly change: (id: string, role: string) => Promise<Result<unknown>>;
  readonly remove: (id: string) => Promise<Result<unknown>>;
};

const APP_ROLES = ['viewer', 'developer', 'owner'] as const;
type AppRole = (typeof APP_ROLES)[number];

/** Whoever may assign roles of an app holds the highest of them, so they may give each. */
export function useAppRoles(place: Place): Roles {
  const list = useApiList('listUsersInApp', { params: place, query: { per_page: 100 } });
  const { can } = useRights(place);
  const stale = ['listUsersInApp', 'listPermissions'] as const;
  const add = useAction('addUserToApp', stale);
  const change = useAction('updateUserInApp', stale);
  const remove = useAction('removeUserFromApp', stale);
  const known = (role: string): AppRole => APP_ROLES.find(one => one === role) ?? 'viewer';
  return {
    org: place.org,
    where: `the app ${place.app}`,
    roles: APP_ROLES,
    list,
    mayAssign: can('app-roles.assign'),
    add: (id, role) => add.run({ params: place, body: { id, role: known(role) } }),
    change: (user, role) => change.run({ params: { ...place, user }, body: { role: known(role) } }),
    remove: user => remove.run({ params: { ...place, user } }),
  };
}

export function useEnvTypeRoles(org: string, envType: string): Roles {
  const params = { org, envType };
  const list = useApiList('listUsersInEnvType', { params, query: { per_page: 100 } });
  const { can } = useRights({ org });
  const stale = ['listUsersInEnvType', 'listPermissions'] as const;
  const add = useAction('addUserToEnvType', stale);
  const change = useAction('updateUserInEnvType', stale);
  const remove = useAction('removeUserFromEnvType', stale);
  return {
    org,
    where: `environments of type ${envType}`,
    roles: ['deployer'],
    list,
    mayAssign: can('env-type-roles.assign'),
    add: id => add.run({ params, body: { id, role: 'deployer' } }),
    change: user => change.run({ params: { ...params, user }, body: { role: 'deployer' } }),
    remove: user => remove.run({ params: { ...params, user } }),
  };
}
