import { createHash } from 'node:crypto';
import type { Cursor, Item, Page, Table, Update } from '../ports/table.ts';
import { Malformed, number, optionalText, text } from './fields.ts';
import { type AppPath, groupKey, queueOf, type RunPath, waiterKey } from './keys.ts';

/** A concurrency group: runs of one app that name it exclude each other. */
export type GroupPath = AppPath & { readonly name: string };

/** As the item of the group says it. `seq` counts its changes: a change names the one that it saw. */
export type GroupState = {
  readonly seq: number;
  readonly holders: ReadonlyMap<string, RunPath>;
  /** The newest run that cancels all that are older: none of those begins any more. */
  readonly replacedBy?: string;
};

/** A run in the queue of its group; it holds no slot, or its starter died before it could say so. */
export type Waiter = RunPath & {
  readonly limit: number;
  /** Milliseconds since the epoch: then it has waited as long as it may take. */
  readonly deadline: number;
};

/** An item of the queue that cannot be read. */
export type BrokenWaiter = { readonly run: string; readonly broken: Malformed };

/** The most that a definition can ask for as `limit`. */
const SLOTS = Array.from({ length: 20 }, (_, index) => `slot${String(index).padStart(2, '0')}`);

const DAY = 86_400;
/** Longer than any run takes (30 days and its clean-up), so that an item that vanished had no holder. */
const IDLE_DAYS = 60;

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);

/** Names that mean the same group are the same text. */
export const groupId = (group: GroupPath): string => `${group.org}/${group.app}/${hashOf(group.name)}`;

export async function readGroup(table: Table, group: GroupPath): Promise<GroupState> {
  const item = await table.get(groupKey(group, hashOf(group.name)), { consistent: true });
  return item === undefined ? { seq: 0, holders: new Map() } : stateOf(group, item);
}

/**
 * Gives a free slot to `waiter` and frees those of `gone`, in one write. Undefined: the group changed since `seen`.
 */
export async function takeSlot(
  table: Table,
  group: GroupPath,
  seen: GroupState,
  waiter: RunPath,
  gone: readonly string[],
  now: number,
): Promise<GroupState | undefined> {
  const free = SLOTS.find(slot => gone.includes(slot) || !seen.holders.has(slot));
  if (free === undefined) throw new Error(`group '${group.name}' has no slot left`);
  const remove = gone.filter(slot => slot !== free);
  const update: Update = {
    update: groupKey(group, hashOf(group.name)),
    set: {
      [free]: `${waiter.pipeline}/${waiter.run}`,
      name: group.name,
      expires_at: Math.ceil(now / 1_000) + IDLE_DAYS * DAY,
    },
    add: { seq: 1 },
    ...(remove.length === 0 ? {} : { remove }),
    when: [[seen.seq === 0 ? { name: 'seq', is: 'absent' } : { name: 'seq', is: '=', value: seen.seq }]],
  };
  const { done, item } = await table.write(update);
  return done && item !== undefined ? stateOf(group, item) : undefined;
}

/**
 * From now on no run older than this one begins, whoever dies before they are all told: the mark outlives its writer. It
 * counts as a change of the group, so nobody gives a slot without having seen it.
 */
export async function replaceOlder(table: Table, group: GroupPath, run: string, now: number): Promise<void> {
  await table.write({
    update: groupKey(group, hashOf(group.name)),
    set: { replaced_by: run, name: group.name, expires_at: Math.ceil(now / 1_000) + IDLE_DAYS * DAY },
    add: { seq: 1 },
    when: [[{ name: 'replaced_by', is: 'absent' }], [{ name: 'replaced_by', is: '<', value: run }]],
  });
}

/** In the queue once, however often it is put. */
export async function putWaiter(table: Table, group: GroupPath, waiter: Waiter): Promise<void> {
  const item: Item = {
    ...waiterKey(group, hashOf(group.name), waiter.run),
    pipeline: waiter.pipeline,
    limit: waiter.limit,
    deadline: waiter.deadline,
    // A run that waited longer was ended long ago.
    expires_at: Math.ceil(waiter.deadline / 1_000) + IDLE_DAYS * DAY,
  };
  await table.write({ put: item });
}

export async function deleteWaiter(table: Table, group: GroupPath, run: string): Promise<void> {
  await table.write({ delete: waiterKey(group, hashOf(group.name), run) });
}

/** From the head of the queue, or from (up to, but without) a run: run ids are ordered by time. */
export async function readWaiters(
  table: Table,
  group: GroupPath,
  { limit, from, before }: { readonly limit: number; readonly from?: string; readonly before?: string },
): Promise<readonly (Waiter | BrokenWaiter)[]> {
  const page = await table.query({
    pk: queueOf(group, hashOf(group.name)),
    limit,
    consistent: true,
    ...(from === undefined ? {} : { from }),
    ...(before === undefined ? {} : { to: before }),
  });
  return page.items.filter(item => item.sk !== before).map(item => waiterOf(group, item));
}

/** Runs of the whole queue, from its head. */
export async function* allWaiters(table: Table, group: GroupPath): AsyncGenerator<{ readonly run: string }> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      pk: queueOf(group, hashOf(group.name)),
      limit: 500,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { sk } of page.items) yield { run: sk };
    after = page.next;
  } while (after !== undefined);
}

function stateOf(group: GroupPath, item: Item): GroupState {
  const holders = new Map<string, RunPath>();
  for (const slot of SLOTS) {
    if (item[slot] === undefined) continue;
    const [pipeline = '', run = ''] = text(item, slot).split('/');
    holders.set(slot, { org: group.org, app: group.app, pipeline, run });
  }
  const replacedBy = optionalText(item, 'replaced_by');
  return { seq: number(item, 'seq'), holders, ...(replacedBy === undefined ? {} : { replacedBy }) };
}

function waiterOf({ org, app }: GroupPath, item: Item): Waiter | BrokenWaiter {
  try {
    return {
      org,
      app,
      pipeline: text(item, 'pipeline'),
      run: item.sk,
      limit: number(item, 'limit'),
      deadline: number(item, 'deadline'),
    };
  } catch (error) {
    if (error instanceof Malformed) return { run: item.sk, broken: error };
    throw error;
  }
}
