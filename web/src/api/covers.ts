import type { HeldPermission } from './types.ts';

/** Where something is done: in an org, on an app of it, on environments of a type. */
export type Where = { readonly org: string; readonly app?: string; readonly envType?: string };

/**
 * Whether one of `held` covers `permission` there: one of the whole org covers every app and type in it. Without an `envType` one
 * that is held on any type will do: which environment it is about is not known yet.
 */
export function covers(held: readonly HeldPermission[], permission: string, where: Where): boolean {
  return held.some(
    right =>
      right.permission === permission &&
      right.org_id === where.org &&
      (right.app_id === undefined || right.app_id === where.app) &&
      (right.env_type === undefined || where.envType === undefined || right.env_type === where.envType),
  );
}
