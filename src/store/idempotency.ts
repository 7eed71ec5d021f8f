import type { Item, Key, Table } from '../ports/table.ts';
import { number, text } from './fields.ts';

/** What is kept of an Idempotency-Key: the run that its first request started, and a fingerprint of that request. */
export type KeptKey = { readonly run: string; readonly fingerprint: string; readonly deleted: boolean };

/** Milliseconds that a key is kept. */
const KEPT_FOR = 86_400_000;

/** Undefined: the key is new, or it was used too long ago. */
export async function readKey(table: Table, key: Key, now: number): Promise<KeptKey | undefined> {
  const item = await table.get(key, { consistent: true });
  return item === undefined || number(item, 'kept_until') <= now ? undefined : keptOf(item);
}

/** Commits the key to a run that is not there yet. Refused: answers what another request committed it to. */
export async function keepKey(
  table: Table,
  key: Key,
  kept: { readonly run: string; readonly fingerprint: string },
  now: number,
  keptFor = KEPT_FOR,
): Promise<KeptKey> {
  const until = now + keptFor;
  const item: Item = {
    ...key,
    run: kept.run,
    fingerprint: kept.fingerprint,
    kept_until: until,
    expires_at: Math.ceil(until / 1_000),
  };
  // The clock judges, for an item may stay long after its time to live.
  const when = [[{ name: 'pk', is: 'absent' as const }], [{ name: 'kept_until', is: '<=' as const, value: now }]];
  const written = await table.write({ put: item, when });
  return keptOf(written.done ? item : (written.item ?? item));
}

/** The run of the key is about to be deleted: a request that comes again must not start it anew. */
export async function markDeleted(table: Table, key: Key, run: string): Promise<void> {
  await table.write({ update: key, set: { deleted: true }, when: [[{ name: 'run', is: '=', value: run }]] });
}

/** Whether the run that this key, or whatever else its id was committed in, stands for was deleted. */
export async function isDeleted(table: Table, key: Key, run: string): Promise<boolean> {
  const item = await table.get(key, { consistent: true });
  return item?.run === run && item.deleted === true;
}

const keptOf = (item: Item): KeptKey => ({
  run: text(item, 'run'),
  fingerprint: text(item, 'fingerprint'),
  deleted: item.deleted === true,
});
