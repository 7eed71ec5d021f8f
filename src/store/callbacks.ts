import type { Item, Table } from '../ports/table.ts';
import { number, optionalNumber, text, texts } from './fields.ts';
import { CALLBACK_PREFIX, callbackKey, type RunPath } from './keys.ts';

/** URLs of one callback: a step that crashes more often than this before it ends has other troubles. */
const MOST_URLS = 50;

/** A callback that a step of a run gave out. Of its URLs, only hashes of their secret parts are kept. */
export type CallbackRecord = {
  readonly path: RunPath;
  readonly id: string;
  readonly hashes: readonly string[];
  /** Milliseconds since the epoch: until when it can be posted to. */
  readonly until: number;
  /** Sealed: whoever posts may send a secret of the run back. */
  readonly posted?: { readonly at: number; readonly sealed: string };
  /** Only the step that announced it takes it up. */
  readonly own: boolean;
};

/** Adds a URL to the callback, which is made with the first one. Answers it as it is then. */
export async function announceCallback(
  table: Table,
  path: RunPath,
  id: string,
  added: { readonly hash: string; readonly until: number; readonly expiresAt: number; readonly own: boolean },
): Promise<CallbackRecord> {
  const key = callbackKey(path.run, id);
  const item: Item = {
    ...key,
    org: path.org,
    app: path.app,
    pipeline: path.pipeline,
    hashes: [added.hash],
    urls: 1,
    until: added.until,
    expires_at: added.expiresAt,
    ...(added.own ? { own: true } : {}),
  };
  const made = await table.write({ put: item, when: [[{ name: 'pk', is: 'absent' }]] });
  if (made.done) return recordOf(item);
  const grown = await table.write({
    update: key,
    append: { hashes: [added.hash] },
    add: { urls: 1 },
    when: [[{ name: 'urls', is: '<', value: MOST_URLS }]],
  });
  if (grown.item === undefined) throw new Error(`callback ${id} of run ${path.run} vanished`);
  return recordOf(grown.item);
}

export async function getCallback(table: Table, run: string, id: string): Promise<CallbackRecord | undefined> {
  const item = await table.get(callbackKey(run, id), { consistent: true });
  return item === undefined ? undefined : recordOf(item);
}

export async function listCallbacks(table: Table, run: string): Promise<readonly CallbackRecord[]> {
  const { items } = await table.query({ pk: callbackKey(run, '').pk, prefix: CALLBACK_PREFIX, consistent: true });
  return items.map(recordOf);
}

/** One time: false when somebody posted before. `request` tells this post from others: its write may be sent twice. */
export async function postCallback(
  table: Table,
  { path, id }: CallbackRecord,
  sealed: string,
  { at, request }: { readonly at: number; readonly request: string },
): Promise<boolean> {
  const written = await table.write({
    update: callbackKey(path.run, id),
    set: { payload: sealed, posted_at: at, posted_by: request },
    when: [
      [
        { name: 'urls', is: 'present' },
        { name: 'posted_at', is: 'absent' },
      ],
    ],
  });
  return written.done || written.item?.posted_by === request;
}

function recordOf(item: Item): CallbackRecord {
  const at = optionalNumber(item, 'posted_at');
  const run = item.pk.slice('RUN#'.length);
  return {
    path: { org: text(item, 'org'), app: text(item, 'app'), pipeline: text(item, 'pipeline'), run },
    id: item.sk.slice(CALLBACK_PREFIX.length),
    hashes: texts(item, 'hashes'),
    until: number(item, 'until'),
    ...(at === undefined ? {} : { posted: { at, sealed: text(item, 'payload') } }),
    own: item.own === true,
  };
}
