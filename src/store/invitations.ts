import type { Cursor, Item, Table } from '../ports/table.ts';
import { fail, number, text, type Unreadable } from './fields.ts';
import { invitationKey, invitationsOf, roleKey } from './keys.ts';
import { type Listed, listById } from './listed.ts';

/** An e-mail address is of one user in an org. Nobody has proved that it is theirs, so orgs do not share users by it. */
export type InvitationRecord = {
  readonly org: string;
  readonly email: string;
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
};

/** Milliseconds within which an invitation has led to a user, or never will: who made it has died. */
const ABANDONED_AFTER = 60_000;

/** False: the address is of somebody who is in the org, or comes into it now. One that led to nobody is replaced. */
export async function putNewInvitation(table: Table, invitation: InvitationRecord): Promise<boolean> {
  const { org, email, user, createdAt, createdBy } = invitation;
  const put = { ...invitationKey(org, email), user, created_at: createdAt, created_by: createdBy };
  const { done, item } = await table.write({ put, when: [[{ name: 'pk', is: 'absent' }]] });
  if (done || item?.user === user) return true;
  if (item === undefined) return false;
  const other = text(item, 'user');
  if (createdAt - number(item, 'created_at') < ABANDONED_AFTER) return false;
  if ((await table.get(roleKey(other, { scope: 'org', org }), { consistent: true })) !== undefined) return false;
  return (await table.write({ put, when: [[{ name: 'user', is: '=', value: other }]] })).done;
}

/** Unless it is of somebody else by now. */
export async function removeInvitation(table: Table, org: string, email: string, user: string): Promise<void> {
  await table.write({ delete: invitationKey(org, email), when: [[{ name: 'user', is: '=', value: user }]] });
}

/** In the order of the addresses. */
export function listInvitations(
  table: Table,
  org: string,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<InvitationRecord>> {
  return listById(table, invitationsOf(org), item => fromItem(org, item), limit, after, unreadable);
}

export const cursorOfInvitation = ({ org, email }: InvitationRecord): Cursor => invitationKey(org, email);

const fromItem = (org: string, item: Item): InvitationRecord => ({
  org,
  email: item.sk,
  user: text(item, 'user'),
  createdAt: number(item, 'created_at'),
  createdBy: text(item, 'created_by'),
});
