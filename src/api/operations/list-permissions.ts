import { readRoles, readSubject } from '../../store/subjects.ts';
import { permissionsIn } from '../held-permissions.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { NOT_FOUND } from '../reply.ts';

export const listPermissions =
  ({ table }: ApiDependencies): Operation<'listPermissions'> =>
  async ({ caller, params, judge }) => {
    const { org, user } = params;
    const refused = user === caller.id ? undefined : judge('users.read', { org });
    if (refused !== undefined) return refused;
    const subject = await readSubject(table, user);
    if (!subject?.roles.some(held => held.scope === 'org' && held.org === org)) return NOT_FOUND;
    const held = permissionsIn(org, await readRoles(table, subject));
    const rows = held.map(({ permission, resource, reason }) => ({
      permission,
      org_id: org,
      app_id: resource.app,
      env_type: resource.envType,
      reason,
    }));
    return { status: 200, body: JSON.stringify(rows) };
  };
