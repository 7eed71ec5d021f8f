import type { Cursor, Key, Table } from '../ports/table.ts';
import { number } from './fields.ts';
import { membershipKey, membersOf, subjectOfKey, subjectPosition } from './keys.ts';
import type { Listed } from './pipelines.ts';
import { getProfiles, type Profile } from './subjects.ts';

/** Somebody who is in a group of users. */
export type MemberRecord = Profile & {
  /** When they came into the group: milliseconds since the epoch. */
  readonly since: number;
};

/** False: they are in it already. */
export async function addMember(table: Table, group: string, subject: string, since: number): Promise<boolean> {
  const { done } = await table.write({
    put: {
      ...membershipKey(subject, group),
      created_at: since,
      gsi1pk: membersOf(group),
      gsi1sk: subjectPosition(since, subject),
    },
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  return done;
}

export async function removeMember(table: Table, group: string, subject: string): Promise<void> {
  await table.write({ delete: membershipKey(subject, group) });
}

/** Newest first. */
export async function listMembers(
  table: Table,
  group: string,
  limit: number,
  after?: Cursor,
): Promise<Listed<MemberRecord>> {
  const page = await table.query({
    index: 'gsi1',
    pk: membersOf(group),
    reverse: true,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const keys = page.items.map(({ pk, sk }): Key => ({ pk, sk }));
  const [items, profiles] = await Promise.all([
    table.getMany(keys, { consistent: true }),
    getProfiles(table, keys.map(subjectOfKey)),
  ]);
  const records = items.flatMap((item, index) => {
    const profile = profiles[index];
    return item === undefined || profile === undefined ? [] : [{ ...profile, since: number(item, 'created_at') }];
  });
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Where such a list goes on behind this one. */
export const cursorOfMember =
  (group: string) =>
  (member: MemberRecord): Cursor => ({
    ...membershipKey(member.id, group),
    gsi1pk: membersOf(group),
    gsi1sk: subjectPosition(member.since, member.id),
  });

/** Everybody out: behind the deletion of a group, so that nothing is left of it. */
export async function emptyGroup(table: Table, group: string): Promise<void> {
  const { items } = await table.query({ index: 'gsi1', pk: membersOf(group) });
  if (items.length > 0) await table.writeInOrder([items.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
}
