import { PIPELINES_SYSTEM_USER } from '../access/identity.ts';
import type { Table } from '../ports/table.ts';
import { getProfiles } from '../store/subjects.ts';

/** Names of subjects by their ids; those that were deleted have none. */
export type Names = (ids: readonly string[]) => Promise<Readonly<Record<string, string>>>;

/** Of one answer: each subject is read once, however many runs of theirs a page shows. */
export function createNames(table: Table): Names {
  const read = new Map<string, Promise<string | undefined>>();
  const nameOf = (id: string): Promise<string | undefined> => {
    const reading = read.get(id) ?? getProfiles(table, [id]).then(([profile]) => profile?.name);
    read.set(id, reading);
    return reading;
  };
  return async ids => {
    const wanted = [...new Set(ids)].filter(id => id !== PIPELINES_SYSTEM_USER);
    const named = await Promise.all(wanted.map(async id => [id, await nameOf(id)] as const));
    return Object.fromEntries(named.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
  };
}
