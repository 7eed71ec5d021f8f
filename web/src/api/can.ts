import { useApi } from './api.ts';
import type { ApiError } from './client.ts';
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
  /** Why they could not be read: nobody is to be told that they lack a right then. */
  readonly error: ApiError | undefined;
  readonly again: () => void;
  /** The server judges every request again; this only keeps people from clicking on what it will refuse. */
  readonly can: (permission: string) => Verdict;
  readonly held: readonly HeldPermission[];
};

const ALLOWED: Verdict = { allowed: true, reason: undefined };
const NOT_YET: Verdict = { allowed: false, reason: 'Your rights are being read.' };
const UNREADABLE: Verdict = { allowed: false, reason: 'Your rights could not be read. Load the page again.' };

/** What the signed-in person may do in an org, or on an app of it. */
export function useRights(where: Where): Rights {
  const me = useApi('getCurrentUser', {});
  const user = me.data?.id ?? '';
  const perms = useApi('listPermissions', { params: { org: where.org, user }, enabled: user !== '' });
  const held = perms.data ?? [];
  // Without who it is there is no question yet; what was once read counts until it is read again.
  const read = me.data === undefined ? me : perms;
  const error = perms.data === undefined ? read.error : undefined;
  const pending = perms.data === undefined && error === undefined;
  const refusal = (permission: string): Verdict => {
    const [there, whom] =
      where.app === undefined ? [`the org ‘${where.org}’`, 'administrators'] : [`the app ‘${where.app}’`, 'owners'];
    const reason = `You may not do this: it needs ‘${permission}’ in ${there}. Ask one of its ${whom}.`;
    return { allowed: false, reason };
  };
  return {
    pending,
    error,
    again: read.again,
    held,
    can: permission => {
      if (pending) return NOT_YET;
      if (error !== undefined) return UNREADABLE;
      return covers(held, permission, where) ? ALLOWED : refusal(permission);
    },
  };
}
