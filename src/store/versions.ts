import type { Cursor, Item, Page, Table, Update } from '../ports/table.ts';
import { fail, jsonObject, number, text, type Unreadable } from './fields.ts';
import { type PipelinePath, versionKey, versionsOf } from './keys.ts';
import { type Listed, readAll } from './listed.ts';

/** One saved definition, never changed. */
export type VersionRecord = PipelinePath & {
  readonly version: string;
  /** The definition, byte for byte as it came. */
  readonly text: string;
  /** What every `uses` meant when it was saved, by how it is written: `actions/humanitec/log` -> `actions/humanitec/log@v1`. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly createdBy: string;
};

/** `resolved` absent: a name without a version means the newest, whenever it is read. */
export type NewVersion = Omit<VersionRecord, 'resolved'> & Partial<Pick<VersionRecord, 'resolved'>>;

/** Seconds after which a version that no pipeline came to point at may vanish. */
const ORPHAN_LIFE_SECONDS = 24 * 3_600;

/**
 * A change of a pipeline is: put the version as pending, point the pipeline at it (the commit point), settle the version.
 * Whoever dies in between leaves an orphan with an end, or a current version that the next change settles first.
 */
export async function putPendingVersion(table: Table, record: NewVersion): Promise<void> {
  const item: Item = {
    ...versionKey(record, record.version),
    text: record.text,
    // Text, for its keys are free.
    ...(record.resolved === undefined ? {} : { resolved: JSON.stringify(record.resolved) }),
    created_at: record.createdAt,
    created_by: record.createdBy,
    pending: true,
    expires_at: Math.floor(record.createdAt / 1_000) + ORPHAN_LIFE_SECONDS,
  };
  await table.write({ put: item });
}

export async function settleVersion(table: Table, path: PipelinePath, version: string): Promise<void> {
  await table.write({
    update: versionKey(path, version),
    remove: ['pending', 'expires_at'],
    when: [[{ name: 'pending', is: 'present' }]],
  });
}

export async function dropPendingVersion(table: Table, path: PipelinePath, version: string): Promise<void> {
  await table.write({ delete: versionKey(path, version), when: [[{ name: 'pending', is: 'present' }]] });
}

/**
 * `current`: what the pipeline points at; it counts even when it was not settled yet, and whoever reads it first settles
 * it, for it would vanish otherwise.
 */
export async function getVersion(
  table: Table,
  path: PipelinePath,
  version: string,
  current?: string,
): Promise<VersionRecord | undefined> {
  // Immutable, so what an eventually consistent read finds is right; only when it finds nothing, ask again.
  const key = versionKey(path, version);
  const item = (await table.get(key)) ?? (await table.get(key, { consistent: true }));
  if (item === undefined) return undefined;
  if (item.pending === true && current !== undefined) {
    if (version !== current) return undefined;
    await settleVersion(table, path, version);
  }
  return fromItem(path, item);
}

/** Newest first. */
export async function listVersions(
  table: Table,
  path: PipelinePath,
  current: string,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<VersionRecord>> {
  const page = await table.query({
    pk: versionsOf(path),
    reverse: true,
    limit,
    consistent: true,
    ...(after === undefined ? {} : { after }),
  });
  const settled = page.items.filter(item => item.pending !== true || item.sk === current);
  const records = readAll(settled, item => fromItem(path, item), unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Where the list of versions goes on behind this one. */
export const cursorOfVersion = (record: VersionRecord): Cursor => versionKey(record, record.version);

/** The pipeline is gone: its versions vanish after `expiresAt` (seconds since the epoch). */
export async function endVersions(table: Table, path: PipelinePath, expiresAt: number): Promise<void> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      pk: versionsOf(path),
      limit: 100,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    const updates = page.items.map((item): Update => {
      return {
        update: { pk: item.pk, sk: item.sk },
        set: { expires_at: expiresAt },
        when: [[{ name: 'text', is: 'present' }]],
      };
    });
    if (updates.length > 0) await table.writeInOrder([updates]);
    after = page.next;
  } while (after !== undefined);
}

function fromItem(path: PipelinePath, item: Item): VersionRecord {
  return {
    org: path.org,
    app: path.app,
    pipeline: path.pipeline,
    version: item.sk,
    text: text(item, 'text'),
    // as: what was put there.
    resolved: (item.resolved === undefined ? {} : jsonObject(item, 'resolved')) as VersionRecord['resolved'],
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
  };
}
