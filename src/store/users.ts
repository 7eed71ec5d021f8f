import type { Cursor, Key, Table } from '../ports/table.ts';
import { type RolePlace, roleKey, subjectOfKey, subjectPosition, userGroupsOf, usersOf } from './keys.ts';
import type { Listed } from './pipelines.ts';
import { type RoleRecord, roleOfItem } from './roles.ts';
import { getProfiles, type Profile } from './subjects.ts';

/** Who has a role somewhere, with that role. */
export type UserRecord = { readonly profile: Profile; readonly role: RoleRecord };

/** Everybody who has a role of the org, the app or the environment type, newest first. */
export async function listUsers(
  table: Table,
  place: RolePlace,
  limit: number,
  after?: Cursor,
): Promise<Listed<UserRecord>> {
  return readPage(table, { index: 'gsi1', pk: usersOf(place) }, limit, after);
}

/** The groups of an org, newest first. */
export async function listGroups(
  table: Table,
  org: string,
  limit: number,
  after?: Cursor,
): Promise<Listed<UserRecord>> {
  return readPage(table, { index: 'gsi2', pk: userGroupsOf(org) }, limit, after);
}

async function readPage(
  table: Table,
  list: { readonly index: 'gsi1' | 'gsi2'; readonly pk: string },
  limit: number,
  after: Cursor | undefined,
): Promise<Listed<UserRecord>> {
  const page = await table.query({ ...list, reverse: true, limit, ...(after === undefined ? {} : { after }) });
  const keys = page.items.map(({ pk, sk }): Key => ({ pk, sk }));
  const [items, profiles] = await Promise.all([
    table.getMany(keys, { consistent: true }),
    getProfiles(table, keys.map(subjectOfKey)),
  ]);
  const records = items.flatMap((item, index) => {
    const profile = profiles[index];
    const role = item === undefined ? undefined : roleOfItem(item);
    return profile === undefined || role === undefined ? [] : [{ profile, role }];
  });
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Where such a list goes on behind this one. */
export const cursorOfUser = ({ profile, role }: UserRecord): Cursor => ({
  ...roleKey(profile.id, role),
  gsi1pk: usersOf(role),
  gsi1sk: subjectPosition(role.createdAt, profile.id),
});

export const cursorOfGroup = ({ profile, role }: UserRecord): Cursor => ({
  ...roleKey(profile.id, role),
  gsi2pk: userGroupsOf(role.org),
  gsi2sk: subjectPosition(role.createdAt, profile.id),
});
