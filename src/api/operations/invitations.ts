import {
  cursorOfInvitation,
  type InvitationRecord,
  putNewInvitation,
  listInvitations as readInvitations,
} from '../../store/invitations.ts';
import { putNewRole } from '../../store/roles.ts';
import { putSubject } from '../../store/subjects.ts';
import { refuseGrant } from '../granting.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderUser } from '../render/user.ts';
import { isRefusal, refuse } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { formatTime } from '../time.ts';

export const listInvitations =
  (dependencies: ApiDependencies): Operation<'listInvitations'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) =>
        readInvitations(dependencies.table, call.params.org, limit, after, reportUnreadable(dependencies.log)),
      cursorOf: cursorOfInvitation,
      render: renderInvitation,
    });

/** No mail is sent: the user is there at once, and an administrator makes the first token. */
export const inviteUser =
  ({ table, ids, clock }: ApiDependencies): Operation<'inviteUser'> =>
  async ({ request, caller, params, audit }) => {
    const body = readBody(request, peopleBodies.NewInvitation);
    if (isRefusal(body)) return body;
    const { org } = params;
    const role = { scope: 'org' as const, org, role: body.value.role };
    audit({ role: role.role });
    const refused = refuseGrant(caller, [role]);
    if (refused !== undefined) return refused;
    const email = body.value.email.toLowerCase();
    const user = ids.uuid();
    const createdAt = clock.now();
    if (!(await putNewInvitation(table, { org, email, user, createdAt, createdBy: caller.id }))) {
      return refuse('USER_EXISTS', 'The org has a user with this e-mail address already.');
    }
    audit({ subject: user });
    const profile = { id: user, type: 'user' as const, name: email, email, createdAt };
    await putSubject(table, profile);
    await putNewRole(table, user, role, createdAt);
    return { status: 200, body: `[${renderUser({ profile, role })}]` };
  };

/** Clients of Humanitec expect a time; ours is the last that RFC 3339 can write. */
const NEVER = '9999-12-31T23:59:59.999Z';

const renderInvitation = ({ email, user, createdAt, createdBy }: InvitationRecord): string =>
  JSON.stringify({
    email,
    user_id: user,
    created_at: formatTime(createdAt),
    created_by: createdBy,
    expires_at: NEVER,
  });
