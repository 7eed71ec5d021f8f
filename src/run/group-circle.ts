import { readable } from '../store/fields.ts';
import { type GroupPath, type GroupState, readGroup, readWaiters, type Waiter } from '../store/groups.ts';
import { runKey } from '../store/keys.ts';
import { getRun, isOver, type RunRecord, runOfItem } from '../store/runs.ts';
import { COUNTED, endWaiting, type Groups, settleGroup } from './groups.ts';

/**
 * Runs at work in a group may wait for runs that they called and that wait for a slot. When so many do that the first in
 * line could never begin, the newest whose end lets a caller go on is cancelled, until it can. (One caller by itself is
 * refused when it calls: `src/api/same-group.ts`.) To be called when a called run is in the queue: of several, the last one
 * sees all.
 */
export async function breakCircle(deps: Groups, group: GroupPath): Promise<void> {
  let broken = false;
  for (;;) {
    // In this order: who was let in between the two is a holder or a waiter, never neither.
    const waiters = (await readWaiters(deps.table, group, { limit: COUNTED })).flatMap(waiter =>
      'broken' in waiter ? [] : [waiter],
    );
    const state = await readGroup(deps.table, group);
    const circle = await findCircle(deps, group, state, waiters);
    if (circle === undefined) break;
    const { victim, callers } = circle;
    broken = true;
    const message =
      `Cancelled: the concurrency group '${group.name}' is full of runs that wait for runs which they called, and which ` +
      `wait for the group (${callers.join(', ')}). Raise its limit, or take one of the pipelines out of it.`;
    await endWaiting(deps, group, victim, message);
  }
  if (broken) await settleGroup(deps, group);
}

/** Whether one of those that called this run is at work in the group: no other run closes a circle by waiting. */
export async function isCalledFromGroup(deps: Groups, group: GroupPath, run: RunRecord): Promise<boolean> {
  if (run.calledBy === undefined) return false;
  const { holders } = await readGroup(deps.table, group);
  return (await holdersAbove(deps, group, run, runsOf(holders), new Map())).length > 0;
}

async function findCircle(
  deps: Groups,
  group: GroupPath,
  { holders }: GroupState,
  waiters: readonly Waiter[],
): Promise<{ readonly victim: RunRecord; readonly callers: readonly string[] } | undefined> {
  const [first] = waiters;
  if (first === undefined || holders.size < first.limit) return undefined;
  const holding = runsOf(holders);
  const items = await deps.table.getMany(waiters.map(runKey), { consistent: true });
  const called: { readonly run: RunRecord; readonly callers: readonly string[] }[] = [];
  // Many are called by one.
  const known = new Map<string, RunRecord | undefined>();
  for (const item of items) {
    const run = item && readable(item, runOfItem, error => deps.report('a waiting run cannot be read', error));
    if (run?.status !== 'queued' || holding.has(run.run)) continue;
    const callers = await holdersAbove(deps, group, run, holding, known);
    if (callers.length > 0) called.push({ run, callers });
  }
  const waitsFor = Map.groupBy(
    called.flatMap(({ callers }) => callers),
    caller => caller,
  );
  if (waitsFor.size < first.limit) return undefined;
  // A caller that waits for another one besides would not be helped, and that other one would go on by itself later.
  const last = called.findLast(({ callers }) => callers.some(caller => waitsFor.get(caller)?.length === 1));
  const victim = (last ?? called.at(-1))?.run;
  return victim === undefined ? undefined : { victim, callers: [...waitsFor.keys()] };
}

const runsOf = (holders: GroupState['holders']): ReadonlySet<string> =>
  new Set([...holders.values()].map(({ run }) => run));

/** Of those that called it, and so on, the ones that are at work in the group until it is over. */
async function holdersAbove(
  { table }: Groups,
  { org, app }: GroupPath,
  { calledBy }: RunRecord,
  holding: ReadonlySet<string>,
  known: Map<string, RunRecord | undefined>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next = calledBy; next !== undefined; ) {
    const caller: RunRecord | undefined = known.has(next.run)
      ? known.get(next.run)
      : await getRun(table, { org, ...next });
    known.set(next.run, caller);
    // It ends, and what it called with it.
    if (caller === undefined || isOver(caller.status) || caller.cancellationRequestedAt !== undefined) return [];
    if (caller.app === app && holding.has(caller.run)) found.push(caller.run);
    next = caller.calledBy;
  }
  return found;
}
