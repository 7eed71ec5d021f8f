import type { Cursor, Item, Page, Table, Update, Value } from '../ports/table.ts';
import { clearPartition } from './clear.ts';
import { isMap, list, number, optionalText, text } from './fields.ts';
import { BATCHED, batchedKey, batchedOf, batchKey, type PipelinePath, takenKey } from './keys.ts';

/** An artefact that waits for a run of a pipeline. It may be there once too often, never too seldom: see `takeArtefact`. */
export type Batched = {
  readonly id: string;
  readonly pushedAt: number;
  readonly pushedBy: string;
  /** Characters of what the run gets of it. */
  readonly size: number;
  /** When the pipeline was created: it does not wait for a later one of the same id. */
  readonly pipelineSince: number;
};

export type Member = Pick<Batched, 'id' | 'pushedAt'>;

/** What the next run of a pipeline is made of. Committed by one write, so that whoever goes on makes the very same run. */
export type BatchRun = {
  readonly run: string;
  readonly version: string;
  readonly pushedBy: string;
  readonly members: readonly Member[];
  /** The run was deleted since. */
  readonly deleted: boolean;
};

export type BatchRefused = { readonly at: number; readonly message: string; readonly ids: readonly string[] };

/** `seq` counts the changes: a change names the one that it saw. */
export type BatchState = { readonly seq: number; readonly current?: BatchRun; readonly refused?: BatchRefused };

const AT_ONCE = 25;

export async function readBatch(table: Table, path: PipelinePath): Promise<BatchState> {
  const item = await table.get(batchKey(path), { consistent: true });
  return item === undefined ? { seq: 0 } : stateOf(item);
}

/** False: the batch changed since `seen`. */
export async function commitRun(
  table: Table,
  path: PipelinePath,
  seen: BatchState,
  next: Omit<BatchRun, 'deleted'>,
): Promise<boolean> {
  const members: Value = next.members.map(({ id, pushedAt }) => ({ id, pushed_at: pushedAt }));
  return change(table, path, seen, {
    set: { run: next.run, version: next.version, pushed_by: next.pushedBy, members },
    remove: ['deleted'],
  });
}

/** Its run is over, or there is none: the next may begin. */
export async function endRunOfBatch(
  table: Table,
  path: PipelinePath,
  seen: BatchState,
  refused?: BatchRefused,
): Promise<boolean> {
  return change(table, path, seen, {
    ...(refused === undefined
      ? {}
      : { set: { refused: { at: refused.at, message: refused.message, ids: refused.ids } } }),
    remove: ['run', 'version', 'pushed_by', 'members', 'deleted'],
  });
}

async function change(
  table: Table,
  path: PipelinePath,
  { seq }: BatchState,
  update: Pick<Update, 'set' | 'remove'>,
): Promise<boolean> {
  const { done } = await table.write({
    update: batchKey(path),
    ...update,
    add: { seq: 1 },
    when: [[seq === 0 ? { name: 'seq', is: 'absent' } : { name: 'seq', is: '=', value: seq }]],
  });
  return done;
}

/** Waits for the next run of the pipeline, unless one took it before. */
export async function putBatched(table: Table, path: PipelinePath, waiting: Batched): Promise<void> {
  const { id, pushedAt, pushedBy, size, pipelineSince } = waiting;
  const taken = await table.get(takenKey(path, id), { consistent: true });
  if (taken !== undefined && taken.refused !== true) return;
  const item: Item = {
    ...batchedKey(path, pushedAt, id),
    gsi2pk: BATCHED,
    gsi2sk: `${path.org}/${path.app}/${path.pipeline}/${id}`,
    id,
    pushed_at: pushedAt,
    pushed_by: pushedBy,
    size,
    pipeline_since: pipelineSince,
  };
  await table.write({ put: item });
}

/** The oldest first. */
export async function readBatched(table: Table, path: PipelinePath, limit: number): Promise<readonly Batched[]> {
  const page = await table.query({ pk: batchedOf(path), limit, consistent: true });
  return page.items.map(item => ({
    id: text(item, 'id'),
    pushedAt: number(item, 'pushed_at'),
    pushedBy: text(item, 'pushed_by'),
    size: number(item, 'size'),
    pipelineSince: number(item, 'pipeline_since'),
  }));
}

/** Is one of them still there? They go when their run is there, not before. */
export async function anyBatched(table: Table, path: PipelinePath, members: readonly Member[]): Promise<boolean> {
  const keys = members.map(({ id, pushedAt }) => batchedKey(path, pushedAt, id));
  return (await table.getMany(keys, { consistent: true })).some(item => item !== undefined);
}

export async function deleteBatched(table: Table, path: PipelinePath, members: readonly Member[]): Promise<void> {
  await inTurns(members, ({ id, pushedAt }) => table.write({ delete: batchedKey(path, pushedAt, id) }));
}

/**
 * An artefact is part of one run of a pipeline: that of the first who says so. One that was refused may come again.
 * `expiresAt`: seconds since the epoch.
 */
export async function takeArtefact(
  table: Table,
  path: PipelinePath,
  id: string,
  run: string,
  expiresAt: number,
): Promise<boolean> {
  const put: Item = { ...takenKey(path, id), run, expires_at: expiresAt };
  const { done } = await table.write({
    put,
    when: [
      [{ name: 'pk', is: 'absent' }],
      [{ name: 'run', is: '=', value: run }],
      [{ name: 'refused', is: '=', value: true }],
    ],
  });
  return done;
}

/** The run that took them does not come to be. */
export async function refuseArtefacts(
  table: Table,
  path: PipelinePath,
  members: readonly Member[],
  run: string,
): Promise<void> {
  const refuse = ({ id }: Member) =>
    table.write({
      update: takenKey(path, id),
      set: { refused: true },
      when: [[{ name: 'run', is: '=', value: run }]],
    });
  await inTurns(members, refuse);
}

async function inTurns(members: readonly Member[], act: (member: Member) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < members.length; start += AT_ONCE) {
    await Promise.all(members.slice(start, start + AT_ONCE).map(act));
  }
}

/** The pipeline is gone, and with it what waited for it. */
export async function deleteBatch(table: Table, path: PipelinePath): Promise<void> {
  await clearPartition(table, batchedOf(path));
  await table.write({ delete: batchKey(path) });
}

/** Pipelines that artefacts wait for, each once. An index is read, which may be a moment behind. */
export async function pipelinesWaitedFor(table: Table): Promise<readonly PipelinePath[]> {
  const found = new Map<string, PipelinePath>();
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      index: 'gsi2',
      pk: BATCHED,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) {
      const [org = '', app = '', pipeline = ''] = text(item, 'gsi2sk').split('/');
      found.set(`${org}/${app}/${pipeline}`, { org, app, pipeline });
    }
    after = page.next;
  } while (after !== undefined);
  return [...found.values()];
}

function stateOf(item: Item): BatchState {
  const run = optionalText(item, 'run');
  return {
    // The mark of a deletion may have come when the batch had no item any more.
    seq: item.seq === undefined ? 0 : number(item, 'seq'),
    ...(run === undefined
      ? {}
      : {
          current: {
            run,
            version: text(item, 'version'),
            pushedBy: text(item, 'pushed_by'),
            members: list(item, 'members').map(value => memberOf(item, value)),
            deleted: item.deleted === true,
          },
        }),
    ...(item.refused === undefined ? {} : { refused: refusedOf(item) }),
  };
}

function memberOf(item: Item, value: Value): Member {
  const member = fieldsOf(item, value);
  return { id: text(member, 'id'), pushedAt: number(member, 'pushed_at') };
}

function refusedOf(item: Item): BatchRefused {
  const refused = fieldsOf(item, item.refused ?? null);
  return {
    at: number(refused, 'at'),
    message: text(refused, 'message'),
    ids: list(refused, 'ids').map(id => (typeof id === 'string' ? id : '')),
  };
}

/** A map inside an item, read with the same words and reported with the same key. */
function fieldsOf({ pk, sk }: Item, value: Value): Item {
  if (!isMap(value)) throw new Error(`item ${pk} / ${sk}: a map was expected`);
  return { ...value, pk, sk };
}
