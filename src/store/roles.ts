import type { HeldRole } from '../access/roles.ts';
import type { Condition, Item, Table } from '../ports/table.ts';
import { addAdministrator, dropAdministrator } from './administrators.ts';
import { optionalNumber, text } from './fields.ts';
import { type RolePlace, roleKey, subjectPosition, userGroupsOf, usersOf } from './keys.ts';

export type { RolePlace };

/** A role as the table knows it. */
export type RoleRecord = HeldRole & {
  /** When it was given: milliseconds since the epoch. */
  readonly createdAt: number;
};

/** `last administrator`: the org would have none. `changed`: the role is not the one that the caller saw. */
export type RoleChange = 'done' | 'changed' | 'last administrator';

/** False: the subject has a role there. */
export async function putNewRole(table: Table, subject: string, role: HeldRole, createdAt: number): Promise<boolean> {
  const { done } = await table.write({
    put: toItem(subject, role, createdAt),
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  if (done) await noteAdministrator(table, subject, role);
  return done;
}

/** Whatever role stood there. */
export async function putRole(table: Table, subject: string, role: HeldRole, createdAt: number): Promise<void> {
  await table.write({ put: toItem(subject, role, createdAt) });
  await noteAdministrator(table, subject, role);
}

/** Only while the role is `from` still, which is the one that the change was judged by. */
export async function changeRole(table: Table, subject: string, from: HeldRole, to: string): Promise<RoleChange> {
  if (from.role === to) return 'done';
  if (isAdministrator(from) && !(await dropAdministrator(table, from.org, subject))) return 'last administrator';
  const { done, item } = await table.write({
    update: roleKey(subject, from),
    set: { role: to },
    when: unchanged(from),
  });
  if (!done && item?.role !== to) return 'changed';
  await noteAdministrator(table, subject, { ...from, role: to });
  return 'done';
}

export async function removeRole(table: Table, subject: string, role: HeldRole): Promise<RoleChange> {
  if (isAdministrator(role) && !(await dropAdministrator(table, role.org, subject))) return 'last administrator';
  const { done, item } = await table.write({ delete: roleKey(subject, role), when: unchanged(role) });
  // Nothing there: this very request was sent again, or another one removed it; gone is what was asked for.
  return done || item === undefined ? 'done' : 'changed';
}

/** Undefined: the item is no role. */
export function roleOfItem(item: Item): RoleRecord | undefined {
  const [kind, path = ''] = item.sk.split('#');
  const [org = '', name = ''] = path.split('/');
  const role = (place: RolePlace): RoleRecord => ({
    ...place,
    role: text(item, 'role'),
    createdAt: optionalNumber(item, 'created_at') ?? 0,
  });
  if (kind === 'ROLE') return role({ scope: 'org', org });
  if (kind === 'APPROLE') return role({ scope: 'app', org, app: name });
  if (kind === 'ENVROLE') return role({ scope: 'env-type', org, envType: name });
  return undefined;
}

const unchanged = (role: HeldRole): Condition => [[{ name: 'role', is: '=', value: role.role }]];

const isAdministrator = (role: HeldRole): boolean => role.scope === 'org' && role.role === 'administrator';

async function noteAdministrator(table: Table, subject: string, role: HeldRole): Promise<void> {
  if (isAdministrator(role)) await addAdministrator(table, role.org, subject);
}

function toItem(subject: string, role: HeldRole, createdAt: number): Item {
  const position = subjectPosition(createdAt, subject);
  const isGroup = role.scope === 'org' && subject.startsWith('g-');
  return {
    ...roleKey(subject, role),
    role: role.role,
    created_at: createdAt,
    gsi1pk: usersOf(role),
    gsi1sk: position,
    ...(isGroup ? { gsi2pk: userGroupsOf(role.org), gsi2sk: position } : {}),
  };
}
