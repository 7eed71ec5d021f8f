import { nameRole } from '../access/decide.ts';
import { mayGrant } from '../access/holds.ts';
import type { HeldRole } from '../access/roles.ts';
import type { RoleChange } from '../store/roles.ts';
import type { Caller } from './authenticate.ts';
import { type Refusal, refuse } from './reply.ts';

/** Nobody grants, changes or takes away a role that they do not hold. Undefined: the caller may, all of them. */
export function refuseGrant(caller: Caller, roles: readonly HeldRole[]): Refusal | undefined {
  const beyond = roles.filter(role => !mayGrant(caller.roles, role)).map(nameRole);
  if (beyond.length === 0) return undefined;
  return refuse(
    'FORBIDDEN',
    `Not allowed: ${beyond.join(', ')} can be given and taken only by who has at least that and may assign roles there.`,
  );
}

/** Why a change of a role was not made. Undefined: it was. */
export function refuseChange(change: RoleChange): Refusal | undefined {
  switch (change) {
    case 'done':
      return undefined;
    case 'changed':
      return refuse(
        'CHANGED_MEANWHILE',
        'Another request changed the role at the same time; read it again and repeat.',
      );
    case 'last administrator':
      return refuse(
        'LAST_ADMINISTRATOR',
        'The org would have no administrator; make another user or service user one first.',
      );
  }
}
