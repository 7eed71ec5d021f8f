import type { HeldRole } from '../access/roles.ts';
import type { Item, Table } from '../ports/table.ts';
import { number, oneOf, optionalText, readable, text, type Unreadable } from './fields.ts';
import { profileKey, subjectKey, subjectOfKey } from './keys.ts';
import { type RoleRecord, roleOfItem } from './roles.ts';
import { type TokenRecord, tokenOfItem } from './tokens.ts';

export const SUBJECT_TYPES = ['user', 'service', 'group', 'system'] as const;
export type SubjectType = (typeof SUBJECT_TYPES)[number];

export type Profile = {
  readonly id: string;
  readonly type: SubjectType;
  readonly name: string;
  readonly email?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

/** What one read tells about a subject. */
export type SubjectRecord = Profile & {
  /** By token id. */
  readonly tokens: ReadonlyMap<string, TokenRecord>;
  /** Its own; those of its groups come with `readRoles`. */
  readonly roles: readonly RoleRecord[];
  /** Ids of the groups it is in. */
  readonly groups: readonly string[];
};

/** One query: profile, tokens, roles and groups lie in one partition. Undefined: no such subject (any more). */
export async function readSubject(table: Table, id: string): Promise<SubjectRecord | undefined> {
  const { items } = await table.query({ pk: subjectKey(id), consistent: true });
  const profile = items.find(item => item.sk === 'PROFILE');
  if (profile === undefined) return undefined;
  const tokens = new Map<string, TokenRecord>();
  const roles: RoleRecord[] = [];
  const groups: string[] = [];
  for (const item of items) {
    const token = tokenOfItem(item);
    if (token !== undefined) tokens.set(token.id, token);
    const role = roleOfItem(item);
    if (role !== undefined) roles.push(role);
    if (item.sk.startsWith('MEMBER#')) groups.push(item.sk.slice('MEMBER#'.length));
  }
  return { ...profileOfItem(profile), tokens, roles, groups };
}

/**
 * The roles of a subject with those of its groups; of an unknown one: none. What a group has in an org counts only while the
 * group has a role of that org itself, and for who has one themselves: taking away that one item takes away everything.
 */
export async function readRoles(
  table: Table,
  who: string | Pick<SubjectRecord, 'roles' | 'groups'>,
): Promise<readonly HeldRole[]> {
  const subject = typeof who === 'string' ? await readSubject(table, who) : who;
  if (subject === undefined) return [];
  const own = subject.roles.map(heldRole);
  if (subject.groups.length === 0) return own;
  const orgs = orgsOf(own);
  const groups = await Promise.all(subject.groups.map(id => readSubject(table, id)));
  const ofGroups = groups.flatMap(group => {
    const held = group?.roles.map(heldRole) ?? [];
    const ofGroup = orgsOf(held);
    return held.filter(({ org }) => orgs.has(org) && ofGroup.has(org));
  });
  return [...own, ...ofGroups];
}

const orgsOf = (roles: readonly HeldRole[]): ReadonlySet<string> =>
  new Set(roles.filter(role => role.scope === 'org').map(role => role.org));

/** Of a subject that is gone: none. */
export async function readRolesOf(table: Table, id: string): Promise<readonly HeldRole[]> {
  const subject = await readSubject(table, id);
  return subject === undefined ? [] : readRoles(table, subject);
}

/** Without what the table knows beside: when it was given. */
export function heldRole(record: RoleRecord): HeldRole {
  const { createdAt, ...role } = record;
  return role;
}

/** Whole: name and address are what they are in `profile`. */
export async function putSubject(table: Table, profile: Profile): Promise<void> {
  await table.write({
    put: {
      ...profileKey(profile.id),
      type: profile.type,
      name: profile.name,
      ...(profile.email === undefined ? {} : { email: profile.email }),
      created_at: profile.createdAt,
    },
  });
}

/** In the order of the ids. Undefined: no such subject (any more). */
export async function getProfiles(table: Table, ids: readonly string[]): Promise<readonly (Profile | undefined)[]> {
  const items = await table.getMany(ids.map(profileKey), { consistent: true });
  return items.map(item => (item === undefined ? undefined : profileOfItem(item)));
}

/** What somebody is called, for people to read. Undefined: no such subject (any more), or it cannot be read. */
export async function getName(table: Table, id: string, unreadable: Unreadable): Promise<string | undefined> {
  const [item] = await table.getMany([profileKey(id)], { consistent: true });
  return item && readable(item, profileOfItem, unreadable)?.name;
}

export async function renameSubject(table: Table, id: string, name: string): Promise<void> {
  await table.write({ update: profileKey(id), set: { name }, when: [[{ name: 'pk', is: 'present' }]] });
}

/** The profile goes first: from then on nobody is this subject, and no token of it is good. */
export async function deleteSubject(table: Table, id: string): Promise<void> {
  await table.write({ delete: profileKey(id) });
  const { items } = await table.query({ pk: subjectKey(id), consistent: true });
  if (items.length > 0) await table.writeInOrder([items.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
}

const profileOfItem = (item: Item): Profile => {
  const email = optionalText(item, 'email');
  return {
    id: subjectOfKey(item),
    type: oneOf(item, 'type', SUBJECT_TYPES),
    name: text(item, 'name'),
    ...(email === undefined ? {} : { email }),
    createdAt: number(item, 'created_at'),
  };
};
