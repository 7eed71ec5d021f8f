import { putNewRole } from '../../store/roles.ts';
import { putSubject } from '../../store/subjects.ts';
import { refuseGrant } from '../granting.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderUser } from '../render/user.ts';
import { isRefusal } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';

export const createServiceUser =
  ({ table, ids, clock }: ApiDependencies): Operation<'createServiceUser'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.NewServiceUser);
    if (isRefusal(body)) return body;
    const { name, email } = body.value;
    const role = { scope: 'org' as const, org: params.org, role: body.value.role };
    const id = `s-${ids.uuid()}`;
    audit({ role: role.role });
    const refused = refuseGrant(caller, [role]);
    if (refused !== undefined) return refused;
    audit({ subject: id });
    const createdAt = clock.now();
    const profile = { id, type: 'service' as const, name, createdAt, ...(email === undefined ? {} : { email }) };
    // Nobody sees the profile before the role is there.
    await putSubject(table, profile);
    await putNewRole(table, id, role, createdAt);
    return { status: 200, body: renderUser({ profile, role }) };
  };
