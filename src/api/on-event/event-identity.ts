import { delegatedRoles, PIPELINES_SYSTEM_USER } from '../../access/identity.ts';
import type { Permissions } from '../../language/pipeline.ts';
import type { Table } from '../../ports/table.ts';
import type { AppPath } from '../../store/keys.ts';
import { readRolesOf } from '../../store/subjects.ts';
import type { Caller } from '../authenticate.ts';
import { type Refusal, refuse } from '../reply.ts';

/** An event has no caller. Whom the pipeline names stands in its place, with the roles of this moment. */
export async function identityOfEvent(
  table: Table,
  permissions: Permissions | undefined,
  { org, app }: AppPath,
): Promise<Caller | Refusal> {
  switch (permissions?.kind) {
    case 'service-user': {
      const { id } = permissions;
      return { id, type: 'service', roles: await readRolesOf(table, id) };
    }
    case 'delegated':
      return { id: PIPELINES_SYSTEM_USER, type: 'system', roles: delegatedRoles(permissions, org, app) };
    case 'inherit':
    case undefined:
      // The language asks for an identity; this would be a version of before that.
      return refuse(
        'FORBIDDEN',
        "Not allowed: an event has no caller, and 'permissions' names nobody. Save the pipeline with an identity.",
      );
  }
}
