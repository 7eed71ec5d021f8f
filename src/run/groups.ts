import type { Clock } from '../ports/clock.ts';
import type { Item, Table } from '../ports/table.ts';
import { Malformed, readable } from '../store/fields.ts';
import {
  type BrokenWaiter,
  deleteWaiter,
  type GroupPath,
  type GroupState,
  putWaiter,
  readGroup,
  readWaiters,
  replaceOlder,
  takeSlot,
  type Waiter,
} from '../store/groups.ts';
import { type RunPath, runKey } from '../store/keys.ts';
import { endQueuedRun, type RunOutcome } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord, runOfItem } from '../store/runs.ts';
import { type AfterRun, goOnAfter, goOnAfterQueued } from './after-run.ts';
import { inMinutes } from './in-minutes.ts';
import { measureEnd } from './measure-run.ts';
import { cancelReplaced } from './replaced-runs.ts';

export type Groups = AfterRun & {
  readonly clock: Clock;
  /** Days that the records of a run are kept after its end. */
  readonly retentionDays: number;
  readonly report: (message: string, error: unknown) => void;
};

const DAY = 86_400;

/** The group of a run, when it has one. */
export function groupOf(run: Pick<RunRecord, 'org' | 'app' | 'group'>): GroupPath | undefined {
  return run.group === undefined ? undefined : { org: run.org, app: run.app, name: run.group.name };
}

/**
 * Puts a run into the queue of its group. Its record must be there. One that cancels others says so in the group first:
 * whoever settles that from then on does it.
 */
export async function enqueue(deps: Groups, group: GroupPath, run: RunRecord): Promise<void> {
  const { org, app, pipeline, run: id } = run;
  if (run.cancels === true) await replaceOlder(deps.table, group, id, deps.clock.now());
  const deadline = deadlineOf(run);
  await putWaiter(deps.table, group, { org, app, pipeline, run: id, limit: run.group?.limit ?? 1, deadline });
}

/** A run waits for its group as long as it may take. */
export const deadlineOf = (run: RunRecord): number => run.createdAt + run.timeoutSeconds * 1_000;

/** To be called when a run is over, however often: its group goes to the next in line, and so do artefacts that waited. */
export async function handOn(deps: Groups, run: RunRecord): Promise<void> {
  const group = groupOf(run);
  if (group !== undefined) await settleGroup(deps, group);
  await goOnAfter(deps, run);
}

export type Settling = {
  /** Batches of replaced runs that are ended at the most; a request has to come to an end. */
  readonly batches?: number;
  /** Judges a holder whose record cannot be read. Absent: it counts as at work. */
  readonly isGone?: (run: string, item: Item) => Promise<boolean>;
};

const BATCHES = 4;

/** What one call learns on its way. */
type Seen = Settling & {
  /** Holders that it saw at work. Whoever ends later settles the group itself. */
  readonly atWork: Set<string>;
};

/**
 * Cancels the runs that a newer one replaces and lets in whoever may begin, from the head of the queue. Each step is
 * repeatable, and a crash behind any of them leaves what the next call finishes: a slot is taken (one conditional write),
 * the execution is started, the waiter goes. Answers how many runs it started.
 */
export async function settleGroup(deps: Groups, group: GroupPath, settling: Settling = {}): Promise<number> {
  const seen: Seen = { ...settling, atWork: new Set() };
  let replacedBy: string | undefined;
  let state: GroupState | undefined;
  let started = 0;
  for (;;) {
    const [now, [head]]: [GroupState, readonly (Waiter | BrokenWaiter)[]] = await Promise.all([
      state ?? readGroup(deps.table, group),
      readWaiters(deps.table, group, { limit: 1 }),
    ]);
    if (now.replacedBy !== replacedBy) {
      replacedBy = now.replacedBy;
      if (hasReplaced(now, head)) {
        await cancelReplaced(deps, group, now, settling.batches ?? BATCHES);
        // Who is first may be somebody else by now.
        state = now;
        continue;
      }
    }
    const first = await firstOf(deps, group, now, head);
    if (first === undefined) return started;
    const step = await settleFirst(deps, group, now, first, seen);
    if (step === 'blocked') return started;
    if (step !== 'look-again') started += 1;
    state = step === 'look-again' ? undefined : step;
  }
}

/** Whether runs are left that a newer one replaces. */
const hasReplaced = ({ holders, replacedBy = '' }: GroupState, head: { readonly run: string } | undefined): boolean =>
  (head !== undefined && head.run < replacedBy) || [...holders.values()].some(({ run }) => run < replacedBy);

/** The first in line that may begin at all: those that were replaced may stand before it still. */
async function firstOf(
  { table }: Groups,
  group: GroupPath,
  { replacedBy }: GroupState,
  head: Waiter | BrokenWaiter | undefined,
): Promise<Waiter | BrokenWaiter | undefined> {
  if (head === undefined || replacedBy === undefined || head.run >= replacedBy) return head;
  return (await readWaiters(table, group, { limit: 1, from: replacedBy }))[0];
}

/** Answers the state of the group as it is known then. */
async function settleFirst(
  deps: Groups,
  group: GroupPath,
  state: GroupState,
  first: Waiter | BrokenWaiter,
  seen: Seen,
): Promise<GroupState | 'blocked' | 'look-again'> {
  const { table, clock } = deps;
  if ('broken' in first) return dropWaiter(deps, group, first.run, first.broken);
  if ([...state.holders.values()].some(holder => holder.run === first.run)) {
    // Not known to be at work: it may be over by now, and this call its own handing on.
    await letIn(deps, group, first);
    return state;
  }
  const late = clock.now() >= first.deadline;
  const gone = late ? [] : await slotsOfGone(deps, state, first.limit, seen);
  if (!late && state.holders.size - gone.length >= first.limit) return 'blocked';
  let run: RunRecord | undefined;
  try {
    run = await getRun(table, first);
  } catch (error) {
    if (error instanceof Malformed) return dropWaiter(deps, group, first.run, error);
    throw error;
  }
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
  seen.atWork.add(first.run);
  return taken;
}

/** Nobody can begin it, and it blocks the line. If its record can be read, `reconcile` puts it there again. */
async function dropWaiter(deps: Groups, group: GroupPath, run: string, error: Malformed): Promise<'look-again'> {
  deps.report(`run ${run} leaves the queue of the concurrency group '${group.name}': it cannot be read`, error);
  await deleteWaiter(deps.table, group, run);
  return 'look-again';
}

async function letIn(deps: Groups, group: GroupPath, { org, app, pipeline, run }: RunPath): Promise<void> {
  await deps.executions.start(run, { org, app, pipeline, run });
  await deleteWaiter(deps.table, group, run);
}

/** Slots whose run is over or deleted. Looks only when there is no room without them. */
async function slotsOfGone(
  { table, report }: Pick<Groups, 'table' | 'report'>,
  state: GroupState,
  limit: number,
  { atWork, isGone = async () => false }: Seen,
): Promise<readonly string[]> {
  if (state.holders.size < limit) return [];
  const unknown = [...state.holders].filter(([, holder]) => !atWork.has(holder.run));
  if (unknown.length === 0) return [];
  const items = await table.getMany(
    unknown.map(([, holder]) => runKey(holder)),
    { consistent: true },
  );
  const gone: string[] = [];
  for (const [place, [slot, holder]] of unknown.entries()) {
    const item = items[place];
    const run =
      item && readable(item, runOfItem, error => report(`run ${holder.run} holds a group and cannot be read`, error));
    const over = item === undefined || (run === undefined ? await isGone(holder.run, item) : isOver(run.status));
    if (over) gone.push(slot);
    else atWork.add(holder.run);
  }
  return gone;
}

/** Ends a run that waited for its group as long as it may take. */
export const endLateRun = (deps: Groups, group: GroupPath, run: RunRecord): Promise<boolean> =>
  endWaiting(
    deps,
    group,
    run,
    `Cancelled: the run waited for its concurrency group '${group.name}' longer than its time-out of ` +
      `${inMinutes(run.timeoutSeconds)}.`,
  );

/** Ends a run that waits for its group. False: it did not wait any more. */
export async function endWaiting(deps: Groups, group: GroupPath, run: RunRecord, message: string): Promise<boolean> {
  const outcome = cancelledNow(deps, message);
  const ended = await endQueuedRun(deps.table, run, outcome);
  if (ended.done) measureEnd(deps, run, outcome);
  await deleteWaiter(deps.table, group, run.run);
  if (ended.done && ended.run !== undefined) await goOnAfterQueued(deps, ended.run);
  return ended.done;
}

function cancelledNow({ clock, retentionDays }: Groups, message: string): RunOutcome {
  const completedAt = clock.now();
  return {
    status: 'cancelled',
    message,
    completedAt,
    expiresAt: Math.ceil(completedAt / 1_000) + retentionDays * DAY,
  };
}

/** Positions further behind are not counted. */
export const COUNTED = 100;

/** Places in the queue of a group by run, from 1, as far as they are counted. */
export async function positionsIn(table: Table, group: GroupPath): Promise<ReadonlyMap<string, number>> {
  const waiters = await readWaiters(table, group, { limit: COUNTED });
  return new Map(waiters.map(({ run }, index) => [run, index + 1]));
}

/** Runs of a group that are at work now. */
export async function runsAtWork(deps: Pick<Groups, 'table' | 'report'>, group: GroupPath): Promise<readonly string[]> {
  const state = await readGroup(deps.table, group);
  const gone = await slotsOfGone(deps, state, 0, { atWork: new Set() });
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
