import { type Decision, decide } from '../access/decide.ts';
import { delegatedRoles, judgeDelegation, judgeServiceUser } from '../access/identity.ts';
import type { Permission } from '../access/permissions.ts';
import type { HeldRole, Resource } from '../access/roles.ts';
import type { Permissions } from '../language/pipeline.ts';
import type { Table } from '../ports/table.ts';
import type { RunRecord } from '../store/runs.ts';
import { readRolesOf } from '../store/subjects.ts';
import { assertNever } from './assert-never.ts';

/** Who a run acts as, judged by what is stored now: a role that is taken away stops the next thing a step may not do any more. */
export type RunIdentity = {
  standing(): Promise<Standing>;
  /** Empty when what the run acts with was lost. */
  roles(): Promise<readonly HeldRole[]>;
  may(permission: Permission, resource: Resource): Promise<Decision>;
};

/**
 * `author`: who saved the version that the run follows; it lends no more than its author holds. `caller`: the identity of
 * the run that called this one, which has started it.
 */
export function createRunIdentity(
  table: Table,
  run: Pick<RunRecord, 'org' | 'app' | 'createdBy'>,
  permissions: Permissions | undefined,
  author: string,
  caller?: () => Promise<Standing>,
): RunIdentity {
  // Whoever wrote the pipeline says what its steps do: somebody of another org who starts it lends them nothing there.
  const rolesOf = async (id: string) => (await readRolesOf(table, id)).filter(({ org }) => org === run.org);
  const standing = async (): Promise<Standing> => {
    switch (permissions?.kind) {
      case undefined:
      case 'inherit':
        return caller === undefined ? { roles: await rolesOf(run.createdBy) } : caller();
      case 'service-user': {
        const { id } = permissions;
        const [held, roles] = await Promise.all([rolesOf(author), rolesOf(id)]);
        const judged = judgeServiceUser(held, { id, roles }, run.org);
        return judged.ok ? { roles } : lost(author, judged.reason);
      }
      case 'delegated': {
        const judged = judgeDelegation(await rolesOf(author), permissions, run.org, run.app);
        return judged.ok ? { roles: delegatedRoles(permissions, run.org, run.app) } : lost(author, judged.reason);
      }
      default:
        return assertNever(permissions);
    }
  };
  return {
    standing,
    roles: async () => (await standing()).roles,
    async may(permission, resource) {
      const { roles, lost } = await standing();
      return lost === undefined ? decide(roles, permission, resource) : { allowed: false, visible: true, reason: lost };
    },
  };
}

export type Standing = { readonly roles: readonly HeldRole[] /** Why there are none. */; readonly lost?: string };

const lost = (author: string, reason: string): Standing => ({
  roles: [],
  lost: `the author of this version, '${author}', lacks what it lends to its runs (${reason})`,
});
