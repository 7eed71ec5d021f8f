import type { Item, Write, Written } from '../../src/ports/table.ts';
import { isOfSqlite } from './group-commit.ts';
import type { Rows } from './rows.ts';
import { changed, holds } from './vocabulary.ts';

/** Told of every partition that was changed. */
type Mark = (partition: string) => void;

export function applyWrite(rows: Rows, write: Write, mark: Mark): Written {
  if ('put' in write) {
    const { put, when } = write;
    if (when) {
      const old = rows.get(put);
      if (!holds(when, old)) return refused(old);
      rows.replace(old, put);
    } else {
      rows.put(put);
    }
    mark(put.pk);
    return { done: true };
  }
  if ('update' in write) {
    const { pk, sk } = write.update;
    const old = rows.get(write.update);
    if (write.when && !holds(write.when, old)) return refused(old);
    const item = changed(old ?? { pk, sk }, write);
    rows.replace(old, item);
    mark(pk);
    return { done: true, item };
  }
  const { delete: key, when } = write;
  if (when) {
    const old = rows.get(key);
    if (!holds(when, old)) return refused(old);
  }
  rows.delete(key);
  mark(key.pk);
  return { done: true };
}

/**
 * All groups in one go, so that a crash leaves all of them or none, which the contract allows. `error`: what a write of the
 * last tried group was refused with for good; the others of its group are tried all the same, as in DynamoDB.
 */
export function applyGroups(
  rows: Rows,
  groups: readonly (readonly Write[])[],
  mark: Mark,
): { readonly written: readonly Written[]; readonly error?: unknown } {
  const all: Written[] = [];
  for (const group of groups) {
    const errors: unknown[] = [];
    for (const write of group) {
      try {
        all.push(applyWrite(rows, write, mark));
      } catch (error) {
        if (isOfSqlite(error)) throw error;
        errors.push(error);
      }
    }
    if (errors.length > 0) return { written: all, error: errors[0] };
    if (all.slice(-group.length).some(({ done }) => !done)) break;
  }
  return { written: all };
}

function refused(item: Item | undefined): Written {
  return item ? { done: false, item } : { done: false };
}
