import { readSubject } from '../../store/subjects.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { profileFields } from '../render/user.ts';
import { NOT_FOUND } from '../reply.ts';

export const getCurrentUser =
  ({ table }: ApiDependencies): Operation<'getCurrentUser'> =>
  async ({ caller }) => {
    const subject = await readSubject(table, caller.id);
    if (subject === undefined) return NOT_FOUND;
    const roles = Object.fromEntries(
      subject.roles.flatMap(held => (held.scope === 'org' ? [[held.org, held.role]] : [])),
    );
    return { status: 200, body: JSON.stringify({ ...profileFields(subject), roles, properties: {} }) };
  };
