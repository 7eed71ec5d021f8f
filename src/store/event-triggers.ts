import type { Delete, Put, Table } from '../ports/table.ts';
import { number } from './fields.ts';
import { eventTriggerKey, eventTriggersOf, type PipelinePath, versionPathOfTrigger } from './keys.ts';

/**
 * Which versions of pipelines an event of a source may start: a hint, not the truth. An item belongs to one version, so no
 * two writers share one. It is there before the version becomes the current one; one whose version is not the current one
 * means nothing.
 */
export type EventTriggerHint = PipelinePath & {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

/** Exact sources, or all of them. */
export type Sources = readonly string[] | 'any';

const partitionsOf = (sources: Sources): readonly (string | undefined)[] => (sources === 'any' ? [undefined] : sources);

/** To be called before the version becomes the current one. */
export async function putEventTriggers(table: Table, version: EventTriggerHint, sources: Sources): Promise<void> {
  const { createdAt } = version;
  const puts = partitionsOf(sources).map(
    (source): Put => ({ put: { ...eventTriggerKey(source, version), created_at: createdAt } }),
  );
  await table.writeInOrder([puts]);
  known.delete(table);
}

/** What the last look found, by table: who files a trigger in this process makes it look again. */
const known = new WeakMap<
  Table,
  { readonly source: string; readonly until: number; readonly some: Promise<boolean> }
>();

/** Milliseconds. A trigger that another process saved may miss the events of its first second. */
const REMEMBERED_FOR = 1_000;

/** Whether a version, perhaps not the current one, is filed for events of this source; not worth a read for every event. */
export function someTriggerFor(table: Table, source: string, now: number): Promise<boolean> {
  const last = known.get(table);
  if (last?.source === source && now < last.until) return last.some;
  const looks = [source, undefined].map(one => table.query({ pk: eventTriggersOf(one), limit: 1 }));
  const some = Promise.all(looks).then(pages => pages.some(({ items }) => items.length > 0));
  known.set(table, { source, until: now + REMEMBERED_FOR, some });
  // Trouble is not remembered.
  some.catch(() => known.delete(table));
  return some;
}

/** For a version that is not the current one and will not be. */
export async function deleteEventTriggers(
  table: Table,
  version: PipelinePath & { readonly version: string },
  sources: Sources,
): Promise<void> {
  const deletes = partitionsOf(sources).map((source): Delete => ({ delete: eventTriggerKey(source, version) }));
  await table.writeInOrder([deletes]);
}

/** A hint, and the source that it is filed under; undefined: any. */
export type FiledHint = { readonly hint: EventTriggerHint; readonly source: string | undefined };

/**
 * Page by page: those of the source, then those of any. `consistent`: also those that were saved within the last second or
 * so, for twice the price.
 */
export async function* hintsForSource(
  table: Table,
  ofSource: string,
  consistent = true,
): AsyncGenerator<readonly FiledHint[]> {
  for (const source of [ofSource, undefined]) {
    let after: Readonly<Record<string, string>> | undefined;
    do {
      const page = await table.query({
        pk: eventTriggersOf(source),
        limit: 100,
        consistent,
        ...(after === undefined ? {} : { after }),
      });
      yield page.items.map(item => ({
        source,
        hint: { ...versionPathOfTrigger(item.sk), createdAt: number(item, 'created_at') },
      }));
      after = page.next;
    } while (after !== undefined);
  }
}
