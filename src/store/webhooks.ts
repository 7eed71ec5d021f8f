import type { Condition, Cursor, Item, Page, Table } from '../ports/table.ts';
import { isMap, list, number, oneOf, optionalNumber, readable, text, texts, type Unreadable } from './fields.ts';
import { type AppPath, type WebhookPath, webhookKey, webhooksOfApp } from './keys.ts';

/** Why it is told of nothing: somebody said so, its receiver answered 410, or failed for too long. */
export const DISABLED_REASONS = ['by_request', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Sealed. `until`: milliseconds since the epoch, when it has been replaced by another one. */
export type SigningSecret = { readonly sealed: string; readonly until?: number };

export type WebhookRecord = AppPath & {
  readonly id: string;
  /** A random id: it tells this webhook from an earlier one of the same id, whose deliveries are not its own. */
  readonly since: string;
  readonly url: string;
  readonly description: string;
  /** What it is told of; empty: everything. */
  readonly types: readonly string[];
  /** Absent: it is not. */
  readonly disabled?: DisabledReason;
  /** The current one first. */
  readonly secrets: readonly SigningSecret[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  /** Counts the changes, those by us included. */
  readonly revision: number;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  /** When the first of them was. */
  readonly failingSince?: number;
};

export const pathOfWebhook = ({ org, app, id, since }: WebhookRecord): WebhookPath => ({
  org,
  app,
  webhook: id,
  since,
});

export async function getWebhook(table: Table, path: AppPath, id: string): Promise<WebhookRecord | undefined> {
  const item = await table.get(webhookKey(path, id), { consistent: true });
  return item === undefined ? undefined : fromItem(path, item);
}

/** The one that the path means, and no later one of its id. */
export async function findWebhook(table: Table, path: WebhookPath): Promise<WebhookRecord | undefined> {
  const found = await getWebhook(table, path, path.webhook);
  return found?.since === path.since ? found : undefined;
}

/** All of an app, in the order of their ids: they are few.  */
export async function listWebhooks(
  table: Table,
  path: AppPath,
  unreadable: Unreadable,
): Promise<readonly WebhookRecord[]> {
  const records: WebhookRecord[] = [];
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      pk: webhooksOfApp(path),
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    records.push(...page.items.flatMap(item => readable(item, each => fromItem(path, each), unreadable) ?? []));
    after = page.next;
  } while (after !== undefined);
  return records;
}

/** What the last look found, by table and app: who adds a webhook in this process makes it look again. */
const known = new WeakMap<Table, Map<string, { readonly until: number; readonly some: Promise<boolean> }>>();

/** Milliseconds. A webhook that another process added may miss the events of its first second. */
const REMEMBERED_FOR = 1_000;

/** Apps that are remembered. */
const MOST_KNOWN = 10_000;

/** Whether an app has a webhook, perhaps a disabled one; not worth a read for every event. */
export function someWebhookOf(table: Table, path: AppPath, now: number): Promise<boolean> {
  const pk = webhooksOfApp(path);
  const apps = known.get(table) ?? new Map();
  known.set(table, apps);
  const last = apps.get(pk);
  if (last !== undefined && now < last.until) return last.some;
  if (apps.size >= MOST_KNOWN) apps.clear();
  const some = table.query({ pk, limit: 1 }).then(({ items }) => items.length > 0);
  apps.set(pk, { until: now + REMEMBERED_FOR, some });
  // Trouble is not remembered.
  some.catch(() => apps.delete(pk));
  return some;
}

/** False: the id is taken. */
export async function putNewWebhook(table: Table, record: WebhookRecord): Promise<boolean> {
  const { done, item } = await table.write({ put: toItem(record), when: [[{ name: 'pk', is: 'absent' }]] });
  known.get(table)?.delete(webhooksOfApp(record));
  // A write whose answer was lost is refused by what it wrote itself.
  return done || item?.since === record.since;
}

/** What requests change. What deliveries note (`failures`) stays, unless the change says otherwise. */
export type WebhookChange = Partial<Pick<WebhookRecord, 'url' | 'description' | 'types' | 'secrets'>> & {
  /** `null`: it is told of events again, and what failed before is forgotten. */
  readonly disabled?: DisabledReason | null;
};

/** In place of the one that was read. Undefined: it was changed or deleted meanwhile. */
export async function changeWebhook(
  table: Table,
  before: WebhookRecord,
  change: WebhookChange,
  now: number,
): Promise<WebhookRecord | undefined> {
  const { disabled, types, secrets, ...plain } = change;
  const written = await table.write({
    update: webhookKey(before, before.id),
    set: {
      ...plain,
      ...(types === undefined ? {} : { types: [...types] }),
      ...(secrets === undefined ? {} : { secrets: secrets.map(secret => ({ ...secret })) }),
      ...(typeof disabled === 'string' ? { disabled } : {}),
      ...(disabled === null ? { failures: 0 } : {}),
      // Two changes of one millisecond are two etags.
      updated_at: Math.max(now, before.updatedAt + 1),
    },
    add: { revision: 1 },
    ...(disabled === null ? { remove: ['disabled', 'failing_since'] } : {}),
    when: [[...isThis(before), { name: 'revision', is: '=', value: before.revision }]],
  });
  return written.done && written.item !== undefined ? fromItem(before, written.item) : undefined;
}

/** This one, and no later one of its id. */
export async function deleteWebhook(table: Table, record: WebhookRecord): Promise<void> {
  await table.write({ delete: webhookKey(record, record.id), when: [[...isThis(record)]] });
}

/** An attempt failed. */
export async function noteFailure(table: Table, record: WebhookRecord, now: number): Promise<void> {
  const update = webhookKey(record, record.id);
  const first = await table.write({
    update,
    set: { failing_since: now },
    add: { failures: 1 },
    when: [[...isThis(record), { name: 'failing_since', is: 'absent' }]],
  });
  if (first.done) return;
  // Refused too when it is gone.
  const when: Condition = [[...isThis(record), { name: 'failing_since', is: 'present' }]];
  await table.write({ update, add: { failures: 1 }, when });
}

/** An attempt went well. What is fine already costs no write. */
export async function noteSuccess(table: Table, record: WebhookRecord): Promise<void> {
  await table.write({
    update: webhookKey(record, record.id),
    set: { failures: 0 },
    remove: ['failing_since'],
    when: [[...isThis(record), { name: 'failing_since', is: 'present' }]],
  });
}

const isThis = ({ since }: WebhookRecord) => [{ name: 'since', is: '=', value: since }] as const;

function toItem(record: WebhookRecord): Item {
  const { url, description, types, disabled, secrets, createdAt, createdBy, updatedAt, revision, failures } = record;
  return {
    ...webhookKey(record, record.id),
    ...{ since: record.since, url, description, types: [...types], secrets: secrets.map(secret => ({ ...secret })) },
    ...(disabled === undefined ? {} : { disabled }),
    ...{ created_at: createdAt, created_by: createdBy, updated_at: updatedAt, revision, failures },
    ...(record.failingSince === undefined ? {} : { failing_since: record.failingSince }),
  };
}

function fromItem({ org, app }: AppPath, item: Item): WebhookRecord {
  const failingSince = optionalNumber(item, 'failing_since');
  return {
    org,
    app,
    id: item.sk,
    since: text(item, 'since'),
    url: text(item, 'url'),
    description: text(item, 'description'),
    types: texts(item, 'types'),
    ...(item.disabled === undefined ? {} : { disabled: oneOf(item, 'disabled', DISABLED_REASONS) }),
    secrets: list(item, 'secrets').map(secret => secretOf(item, secret)),
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
    updatedAt: number(item, 'updated_at'),
    revision: number(item, 'revision'),
    failures: number(item, 'failures'),
    ...(failingSince === undefined ? {} : { failingSince }),
  };
}

function secretOf(item: Item, value: unknown): SigningSecret {
  // The map is read as an item is, so that what is wrong is told alike.
  const map: Item = { ...(isMap(value as Item[string]) ? (value as object) : {}), pk: item.pk, sk: item.sk }; // as: `list` holds values
  const until = optionalNumber(map, 'until');
  return { sealed: text(map, 'sealed'), ...(until === undefined ? {} : { until }) };
}
