import { useApi } from './api.ts';
import { covers, type Where } from './covers.ts';
import type { HeldPermission } from './types.ts';

export { covers, type Where };

export type Verdict =
  | { readonly allowed: true; readonly reason: undefined }
  /** `reason`: what to tell whoever wonders why a button is disabled. */
  | { readonly allowed: false; readonly reason: string };

export type Rights = {
  /** Nothing is known yet: show what needs no right, and keep the place of the rest. */
  readonly pending: boolean;
  /** The server judges every request again; this only keeps people from clicking on what it will refuse. */
  readonly can: (permission: string) => Verdict;
  readonly held: readonly HeldPermission[];
};

const ALLOWED: Verdict = { allowed: true, reason: undefined };

/** What the signed-in person may do in an org, or on an app of it. */
export function useRights(where: Where): Rights {
  const me = useApi('getCurrentUser', {});
  const user = me.data?.id ?? '';
  const perms = useApi('listPermissions', { params: { org: where.org, user }, enabled: user !== '' });
  const held = perms.data ?? [];
  const there = where.app === undefined ? `the org ‘${where.org}’` : `the app ‘${where.app}’`;
  return {
    pending: perms.data === undefined && perms.error === undefined && me.error === undefined,
    held,
    can: permission =>
      covers(held, permission, where)
        ? ALLOWED
        : {
            allowed: false,
            reason: `You may not do this: it needs ‘${permission}’ in ${there}. Ask one of its owners.`,
          },
  };
}
