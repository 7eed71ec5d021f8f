import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Table } from '../ports/table.ts';
import {
  deleteWaiter,
  type GroupPath,
  type GroupState,
  putWaiter,
  readGroup,
  readWaiters,
  takeSlot,
  type Waiter,
} from '../store/groups.ts';
import { type RunPath, runKey } from '../store/keys.ts';
import { closeAbandonedRun, endQueuedRun, type RunOutcome } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord, runOfItem } from '../store/runs.ts';
import { inMinutes } from './in-minutes.ts';
import { runEvents } from './status-events.ts';
import type { Tell } from './tell.ts';

export type Groups = {
  readonly table: Table;
  readonly executions: Executions;
  readonly clock: Clock;
  /** Days that the records of a run are kept after its end. */
  readonly retentionDays: number;
  /** Absent: nobody listens. */
  readonly tell?: Tell;
};

const DAY = 86_400;

/** The group of a run, when it has one. */
export function groupOf(run: Pick<RunRecord, 'org' | 'app' | 'group'>): GroupPath | undefined {
  return run.group === undefined ? undefined : { org: run.org, app: run.app, name: run.group.name };
}

/** Puts a run into the queue of its group. Its record must be there. */
export async function enqueue(deps: Groups, group: GroupPath, run: RunRecord): Promise<void> {
  const { org, app, pipeline, run: id } = run;
  const deadline = deadlineOf(run);
  await putWaiter(deps.table, group, { org, app, pipeline, run: id, limit: run.group?.limit ?? 1, deadline });
}

/** A run waits for its group as long as it may take. */
export const deadlineOf = (run: RunRecord): number => run.createdAt + run.timeoutSeconds * 1_000;

/** To be called when a run is over, however often: its group goes to the next in line. */
export async function handOn(deps: Groups, run: RunRecord): Promise<void> {
  const group = groupOf(run);
  if (group !== undefined) await settleGroup(deps, group);
}

/**
 * Lets in whoever may begin, from the head of the queue. Each step is repeatable, and a crash behind any of them leaves
 * what the next call finishes: a slot is taken (one conditional write), the execution is started, the waiter goes. Answers
 * how many runs it started.
 */
export async function settleGroup(deps: Groups, group: GroupPath): Promise<number> {
  /** Holders that this call saw at work. Whoever ends later settles the group itself. */
  const atWork = new Set<string>();
  let state: GroupState | undefined;
  let started = 0;
  for (;;) {
    const [now, [first]]: [GroupState, readonly Waiter[]] = await Promise.all([
      state ?? readGroup(deps.table, group),
      readWaiters(deps.table, group, 1),
    ]);
    if (first === undefined) return started;
    const step = await settleFirst(deps, group, now, first, atWork);
    if (step === 'blocked') return started;
    if (step !== 'look-again') started += 1;
    state = step === 'look-again' ? undefined : step;
  }
}

/** Answers the state of the group as it is known then. */
async function settleFirst(
  deps: Groups,
  group: GroupPath,
  state: GroupState,
  first: Waiter,
  atWork: Set<string>,
): Promise<GroupState | 'blocked' | 'look-again'> {
  const { table, clock } = deps;
  if ([...state.holders.values()].some(holder => holder.run === first.run)) {
    // Not known to be at work: it may be over by now, and this call its own handing on.
    await letIn(deps, group, first);
    return state;
  }
  const late = clock.now() >= first.deadline;
  const gone = late ? [] : await slotsOfGone(table, state, first.limit, atWork);
  if (!late && state.holders.size - gone.length >= first.limit) return 'blocked';
  const run = await getRun(table, first);
  if (run === undefined || run.status !== 'queued') {
    // It was cancelled, or it began and ended since the queue was read.
    await deleteWaiter(table, group, first.run);
    return 'look-again';
  }
  if (late) {
    await endLateRun(deps, group, run);
    return 'look-again';
  }
  const taken = await takeSlot(table, group, state, first, gone, clock.now());
  if (taken === undefined) return 'look-again';
  await letIn(deps, group, first);
  atWork.add(first.run);
  return taken;
}

async function letIn(deps: Groups, group: GroupPath, { org, app, pipeline, run }: RunPath): Promise<void> {
  await deps.executions.start(run, { org, app, pipeline, run });
  await deleteWaiter(deps.table, group, run);
}

/** Slots whose run is over or deleted. Looks only when there is no room without them. */
async function slotsOfGone(
  table: Table,
  state: GroupState,
  limit: number,
  atWork: Set<string>,
): Promise<readonly string[]> {
  if (state.holders.size < limit) return [];
  const unknown = [...state.holders].filter(([, holder]) => !atWork.has(holder.run));
  if (unknown.length === 0) return [];
  const items = await table.getMany(
    unknown.map(([, holder]) => runKey(holder)),
    { consistent: true },
  );
  return unknown.flatMap(([slot, holder], place) => {
    const item = items[place];
    if (item === undefined || isOver(runOfItem(item).status)) return [slot];
    atWork.add(holder.run);
    return [];
  });
}

/** Ends a run that waited for its group as long as it may take. */
export async function endLateRun(deps: Groups, group: GroupPath, run: RunRecord): Promise<boolean> {
  const ended = await endQueuedRun(deps.table, run, lateOutcome(deps, group, run));
  await deleteWaiter(deps.table, group, run.run);
  if (ended.done && ended.run !== undefined) await tellEnd(deps, ended.run);
  return ended.done;
}

/** For an end that no worker wrote: the run stays among the open ones until it was told. Repeatable. */
export async function tellEnd(deps: Pick<Groups, 'table' | 'tell'>, run: RunRecord): Promise<void> {
  await deps.tell?.(runEvents(run));
  await closeAbandonedRun(deps.table, run);
}

function lateOutcome({ clock, retentionDays }: Groups, group: GroupPath, run: RunRecord): RunOutcome {
  const completedAt = clock.now();
  return {
    status: 'cancelled',
    message:
      `Cancelled: the run waited for its concurrency group '${group.name}' longer than its time-out of ` +
      `${inMinutes(run.timeoutSeconds)}.`,
    completedAt,
    expiresAt: Math.ceil(completedAt / 1_000) + retentionDays * DAY,
  };
}

/** Positions further behind are not counted. */
export const COUNTED = 100;

/** Places in the queue of a group by run, from 1, as far as they are counted. */
export async function positionsIn(table: Table, group: GroupPath): Promise<ReadonlyMap<string, number>> {
  const waiters = await readWaiters(table, group, COUNTED);
  return new Map(waiters.map(({ run }, index) => [run, index + 1]));
}

/** Runs of a group that are at work now. */
export async function runsAtWork(table: Table, group: GroupPath): Promise<readonly string[]> {
  const state = await readGroup(table, group);
  const gone = await slotsOfGone(table, state, 0, new Set());
  return [...state.holders].filter(([slot]) => !gone.includes(slot)).map(([, holder]) => holder.run);
}

/** What a queued run waits for. Undefined: it is about to begin. */
export function waitingForGroup(
  { name }: GroupPath,
  run: string,
  positions: ReadonlyMap<string, number>,
): string | undefined {
  const position = positions.get(run) ?? (positions.size < COUNTED ? undefined : `${COUNTED}+`);
  return position === undefined ? undefined : `concurrency(${name}, position ${position})`;
}
