import type { HeldRole } from '../access/roles.ts';
import type { Condition, Item, Table } from '../ports/table.ts';
import { addAdministrator, dropAdministrator, hasAdministrator } from './administrators.ts';
import { clearSubjectIn } from './clear.ts';
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

/** False: the subject has a role there. Who comes into an org comes with nothing that was left of an earlier time in it. */
export async function putNewRole(table: Table, subject: string, role: HeldRole, createdAt: number): Promise<boolean> {
  if (role.scope === 'org') {
    if ((await table.get(roleKey(subject, role), { consistent: true })) !== undefined) return false;
    await clearSubjectIn(table, subject, role.org);
  }
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
  if (!(await leavesNone(table, subject, from))) return 'done';
  await table.write({
    update: roleKey(subject, from),
    set: { role: from.role },
    when: unchanged({ ...from, role: to }),
  });
  await noteAdministrator(table, subject, from);
  return 'last administrator';
}

export async function removeRole(
  table: Table,
  subject: string,
  role: HeldRole & { readonly createdAt?: number },
): Promise<RoleChange> {
  if (isAdministrator(role) && !(await dropAdministrator(table, role.org, subject))) return 'last administrator';
  const { done, item } = await table.write({ delete: roleKey(subject, role), when: unchanged(role) });
  // Nothing there: this very request was sent again, or another one removed it; gone is what was asked for.
  if (!done && item !== undefined) return 'changed';
  if (!(await leavesNone(table, subject, role))) return 'done';
  await table.write({
    put: toItem(subject, role, role.createdAt ?? 0),
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  await noteAdministrator(table, subject, role);
  return 'last administrator';
}

/**
 * Who was about to become an administrator when they were counted may not be one any more: of all who step down at the same
 * time, at least the last to write sees that nobody is left.
 */
async function leavesNone(table: Table, subject: string, role: HeldRole): Promise<boolean> {
  return isAdministrator(role) && !subject.startsWith('g-') && !(await hasAdministrator(table, role.org));
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
