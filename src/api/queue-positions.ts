import type { Table } from '../ports/table.ts';
import { groupOf, positionsIn, waitingForGroup } from '../run/groups.ts';
import { groupId } from '../store/groups.ts';
import type { RunRecord } from '../store/runs.ts';

/** What runs wait for outside their jobs. Undefined: nothing. */
export type QueuePositions = (run: RunRecord) => Promise<string | undefined>;

/** Of one answer: each group is read once, however many of its runs a page shows. */
export function createQueuePositions(table: Table): QueuePositions {
  const read = new Map<string, Promise<ReadonlyMap<string, number>>>();
  return async run => {
    const group = groupOf(run);
    if (group === undefined || run.status !== 'queued') return undefined;
    const id = groupId(group);
    const reading = read.get(id) ?? positionsIn(table, group);
    read.set(id, reading);
    return waitingForGroup(group, run.run, await reading);
  };
}
