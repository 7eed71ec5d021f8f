import { PIPELINES_SYSTEM_USER } from '../access/identity.ts';
import { getName } from '../store/subjects.ts';
import { reportUnreadable } from './log.ts';
import type { ApiDependencies } from './operation.ts';

/** Names of subjects by their ids; those that were deleted have none, nor do those that cannot be read. */
export type Names = (ids: readonly string[]) => Promise<Readonly<Record<string, string>>>;

/** Of one answer: each subject is read once, however many runs of theirs a page shows. */
export function createNames({ table, log }: Pick<ApiDependencies, 'table' | 'log'>): Names {
  const read = new Map<string, Promise<string | undefined>>();
  const nameOf = (id: string): Promise<string | undefined> => {
    const reading = read.get(id) ?? getName(table, id, reportUnreadable(log));
    read.set(id, reading);
    return reading;
  };
  return async ids => {
    const wanted = [...new Set(ids)].filter(id => id !== PIPELINES_SYSTEM_USER);
    const named = await Promise.all(wanted.map(async id => [id, await nameOf(id)] as const));
    return Object.fromEntries(named.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
  };
}
