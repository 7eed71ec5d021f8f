import type { Item, Table } from '../ports/table.ts';
import { number, text, texts } from './fields.ts';
import { administratorsKey, roleKey } from './keys.ts';

/**
 * An org always keeps an administrator. Roles lie with their subjects, so what no two removals may break together is one
 * item: the ids of those who count as administrators. An id comes into it after the role was given and goes before it is
 * taken: a crash in between makes it too short, which refuses too much for a while and never too little. Groups do not
 * count: nobody may be in them.
 */
export async function addAdministrator(table: Table, org: string, subject: string): Promise<void> {
  if (subject.startsWith('g-')) return;
  await amend(table, org, ids => (ids.includes(subject) ? undefined : [...ids, subject]));
}

/** False: there is no other one. */
export async function dropAdministrator(table: Table, org: string, subject: string): Promise<boolean> {
  if (subject.startsWith('g-')) return true;
  let another = false;
  await amend(table, org, async ids => {
    const others = ids.filter(id => id !== subject);
    another = await isAnyAdministrator(table, org, others);
    return another && others.length < ids.length ? others : undefined;
  });
  return another;
}

/** Has the org somebody with the role? */
export async function hasAdministrator(table: Table, org: string): Promise<boolean> {
  return isAnyAdministrator(table, org, idsOf(await table.get(administratorsKey(org), { consistent: true })));
}

/** Ids of one read: a role that was given and taken at the same time may have left its id behind. */
const READ_AT_ONCE = 100;

async function isAnyAdministrator(table: Table, org: string, ids: readonly string[]): Promise<boolean> {
  for (let start = 0; start < ids.length; start += READ_AT_ONCE) {
    const keys = ids.slice(start, start + READ_AT_ONCE).map(id => roleKey(id, { scope: 'org', org }));
    const roles = await table.getMany(keys, { consistent: true });
    if (roles.some(item => item !== undefined && text(item, 'role') === 'administrator')) return true;
  }
  return false;
}

const idsOf = (item: Item | undefined): readonly string[] => (item === undefined ? [] : texts(item, 'ids'));

/** Reads, computes, and writes if nobody wrote in between; else again. Undefined: nothing is to be written. */
async function amend(
  table: Table,
  org: string,
  compute: (ids: readonly string[]) => Promise<readonly string[] | undefined> | readonly string[] | undefined,
): Promise<void> {
  for (;;) {
    const item = await table.get(administratorsKey(org), { consistent: true });
    const ids = await compute(idsOf(item));
    if (ids === undefined) return;
    const rev = item === undefined ? 0 : number(item, 'rev');
    const { done } = await table.write({
      put: { ...administratorsKey(org), ids, rev: rev + 1 },
      when: [[item === undefined ? { name: 'pk', is: 'absent' } : { name: 'rev', is: '=', value: rev }]],
    });
    if (done) return;
  }
}
