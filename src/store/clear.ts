import type { Item, Key, Table } from '../ports/table.ts';
import { optionalNumber } from './fields.ts';
import {
  type AppPath,
  environmentsOfApp,
  membershipKey,
  pipelinesOfApp,
  type RolePlace,
  roleKey,
  subjectKey,
  usersOf,
  valuesOfApp,
  webhooksOfApp,
} from './keys.ts';

/** Items that are read or deleted with one call each time. */
const AT_ONCE = 100;

/** Deletes all that lies in a partition, as it is now. */
export async function clearPartition(table: Table, pk: string): Promise<void> {
  for (;;) {
    const { items } = await table.query({ pk, consistent: true, limit: AT_ONCE });
    if (items.length === 0) return;
    await drop(table, items);
  }
}

/** Takes away every role on an app, or on a type of environments. An index is read: it may be a moment behind. */
export async function clearRoles(table: Table, place: RolePlace): Promise<void> {
  const { items } = await table.query({ index: 'gsi1', pk: usersOf(place) });
  await drop(table, items);
}

/**
 * Milliseconds. What is younger belongs to the new owner of an id, even when two make it at the same time and their clocks
 * differ. What a deletion left behind is older, for the id of what was deleted stays taken for longer.
 */
const YOUNG = 3_600_000;

/** Before an app or a type of environments is made: nobody is born with a role on it. */
export async function clearOldRoles(table: Table, place: RolePlace, now: number): Promise<void> {
  const { items } = await table.query({ index: 'gsi1', pk: usersOf(place) });
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const keys = items.slice(start, start + AT_ONCE).map(({ pk, sk }): Key => ({ pk, sk }));
    const roles = await table.getMany(keys, { consistent: true });
    await drop(
      table,
      onlyOld(
        roles.filter(item => item !== undefined),
        now,
      ),
    );
  }
}

/** Before an app is made: what is left of an older one of its id. Its runs are gone by then. */
export async function clearOldApp(table: Table, path: AppPath, now: number): Promise<void> {
  for (const pk of [pipelinesOfApp(path), environmentsOfApp(path), valuesOfApp(path), webhooksOfApp(path)]) {
    const { items } = await table.query({ pk, consistent: true });
    await drop(table, onlyOld(items, now));
  }
  await clearOldRoles(table, { scope: 'app', ...path }, now);
}

const onlyOld = (items: readonly Item[], now: number): readonly Item[] =>
  items.filter(item => (optionalNumber(item, 'created_at') ?? 0) < now - YOUNG);

/**
 * Takes away what somebody has in an org beside the role of the org itself: roles on its apps and types, and being in its
 * groups.
 */
export async function clearSubjectIn(table: Table, subject: string, org: string): Promise<void> {
  const pk = subjectKey(subject);
  const queries = ['APPROLE#', 'ENVROLE#'].map(kind => table.query({ pk, prefix: `${kind}${org}/`, consistent: true }));
  const [memberships, ...roles] = await Promise.all([
    table.query({ pk, prefix: 'MEMBER#', consistent: true }),
    ...queries,
  ]);
  const groups = memberships.items.map(item => item.sk.slice('MEMBER#'.length));
  const left = await Promise.all(
    groups.map(async group => {
      const role = await table.get(roleKey(group, { scope: 'org', org }), { consistent: true });
      return role === undefined ? [] : [membershipKey(subject, group)];
    }),
  );
  await drop(table, [...roles.flatMap(({ items }) => items), ...left.flat()]);
}

async function drop(table: Table, keys: readonly Key[]): Promise<void> {
  if (keys.length > 0) await table.writeInOrder([keys.map(({ pk, sk }) => ({ delete: { pk, sk } }))]);
}
