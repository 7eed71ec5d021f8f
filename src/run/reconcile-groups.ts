import type { Item } from '../ports/table.ts';
import { allWaiters, type GroupPath, groupId, readGroup } from '../store/groups.ts';
import type { RunRecord } from '../store/runs.ts';
import { executionName } from './execution-of.ts';
import { breakCircle } from './group-circle.ts';
import { deadlineOf, endLateRun, enqueue, type Groups, groupOf, settleGroup } from './groups.ts';
import { wasDeleted } from './was-deleted.ts';

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
): Promise<{ readonly started: number; readonly ended: number; readonly failed: number }> {
  let ended = 0;
  let failed = 0;
  const state = await readGroup(deps.table, group);
  const holders = new Set([...state.holders.values()].map(holder => holder.run));
  const waiting = new Set<string>();
  for await (const waiter of allWaiters(deps.table, group)) waiting.add(waiter.run);
  const newest = runs.reduce(
    (id, { run, cancels }) => (cancels === true && run > id ? run : id),
    state.replacedBy ?? '',
  );
  const look = async (run: RunRecord): Promise<void> => {
    if (holders.has(run.run)) {
      // One that was replaced is not started any more, only ended.
      if (run.run >= newest) await startHolder(run);
    } else if (deps.clock.now() >= deadlineOf(run)) ended += (await endLateRun(deps, group, run)) ? 1 : 0;
    else if (!waiting.has(run.run) && !(await wasDeleted(deps, run))) await enqueue(deps, group, run);
  };
  for (const run of runs) {
    try {
      await look(run);
    } catch (error) {
      // One run in trouble never keeps its group from going on.
      failed += 1;
      deps.report(`run ${run.run} could not be reconciled`, error);
    }
  }
  /** A record that cannot be read says nothing of its run; its execution does. */
  const isGone = async (run: string, { execution }: Item): Promise<boolean> => {
    const name = executionName({ run, execution: typeof execution === 'number' ? execution : 0 });
    return (await deps.executions.look(name)) !== 'running';
  };
  const started = await settleGroup(deps, group, { batches: Number.POSITIVE_INFINITY, isGone });
  if (runs.some(({ calledBy }) => calledBy !== undefined)) await breakCircle(deps, group);
  return { started, ended, failed };
}
