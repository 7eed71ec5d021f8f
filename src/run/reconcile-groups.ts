import { allWaiters, type GroupPath, groupId, readGroup } from '../store/groups.ts';
import type { RunRecord } from '../store/runs.ts';
import { deadlineOf, endLateRun, enqueue, type Groups, groupOf, settleGroup } from './groups.ts';

/** Queued runs by their group. */
export type QueuedRuns = Map<string, { readonly group: GroupPath; readonly runs: RunRecord[] }>;

/** Notes a run that waits for its group. False: it waits for none. */
export function noteQueued(queued: QueuedRuns, run: RunRecord): boolean {
  const group = groupOf(run);
  if (group === undefined || run.status !== 'queued') return false;
  const known = queued.get(groupId(group));
  if (known === undefined) queued.set(groupId(group), { group, runs: [run] });
  else known.runs.push(run);
  return true;
}

/**
 * Puts runs into the queue that whoever created them did not, ends those that waited too long, and lets in who may begin.
 * `startHolder` starts a run that was let in, if it is not at work.
 */
export async function reconcileGroup(
  deps: Groups,
  group: GroupPath,
  runs: readonly RunRecord[],
  startHolder: (run: RunRecord) => Promise<void>,
): Promise<{ readonly started: number; readonly ended: number }> {
  let ended = 0;
  const state = await readGroup(deps.table, group);
  const holders = new Set([...state.holders.values()].map(holder => holder.run));
  const waiting = new Set<string>();
  for await (const waiter of allWaiters(deps.table, group)) waiting.add(waiter.run);
  for (const run of runs) {
    if (holders.has(run.run)) await startHolder(run);
    else if (deps.clock.now() >= deadlineOf(run)) ended += (await endLateRun(deps, group, run)) ? 1 : 0;
    else if (!waiting.has(run.run)) await enqueue(deps, group, run);
  }
  return { started: await settleGroup(deps, group), ended };
}
