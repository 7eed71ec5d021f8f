import type { JsonObject } from '../json.ts';
import type { Condition, Item, Put, Table } from '../ports/table.ts';
import { fail, jsonObject, number, oneOf, optionalNumber, optionalText, text, type Unreadable } from './fields.ts';
import { type AppPath, type PipelinePath, refusedStartKey, refusedStartsOf } from './keys.ts';
import { INLINE_LIMIT, largePuts, partCount, readLarge } from './large.ts';
import { type Listed, readAll } from './listed.ts';

export const REFUSED_STATUSES = ['refused', 'started'] as const;

/** How the event asked for a run: it met the trigger of the pipeline, or it named the pipeline. */
export const REFUSED_KINDS = ['event', 'pipeline_call'] as const;

/** An event that should have started a pipeline and could not. */
export type RefusedStart = PipelinePath & {
  /** A UUID that sorts by the time of the event; the same whenever the same event comes for the same pipeline. */
  readonly id: string;
  readonly kind: (typeof REFUSED_KINDS)[number];
  /** `started`: somebody tried again, and it went well. */
  readonly status: (typeof REFUSED_STATUSES)[number];
  readonly code: string;
  readonly message: string;
  readonly details?: JsonObject;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly eventId: string;
  readonly eventSource: string;
  readonly eventType: string;
  readonly attempts: number;
  readonly retriedAt?: number;
  readonly run?: string;
};

export type NewRefusedStart = Omit<RefusedStart, 'status' | 'attempts' | 'retriedAt' | 'run'>;

const ABSENT: Condition = [[{ name: 'pk', is: 'absent' }]];

/** `expiresAt`: seconds since the epoch. False: it was recorded before, and stays as it is. */
export async function putRefusedStart(
  table: Table,
  start: NewRefusedStart,
  event: JsonObject,
  expiresAt: number,
): Promise<boolean> {
  const source = JSON.stringify(event);
  const inline = source.length <= INLINE_LIMIT;
  const parts = inline ? [] : largePuts(start.id, 'event', source, { expires_at: expiresAt });
  const item: Item = {
    ...refusedStartKey(start, start.id),
    org: start.org,
    app: start.app,
    pipeline: start.pipeline,
    kind: start.kind,
    status: 'refused',
    code: start.code,
    message: start.message,
    ...(start.details === undefined ? {} : { details: JSON.stringify(start.details) }),
    created_at: start.createdAt,
    event_id: start.eventId,
    event_source: start.eventSource,
    event_type: start.eventType,
    attempts: 1,
    ...(inline ? { event: source } : { event_parts: partCount(source) }),
    expires_at: expiresAt,
  };
  const commit: Put = { put: item, when: ABSENT };
  const written = await table.writeInOrder(inline ? [[commit]] : [parts, [commit]]);
  return written.at(-1)?.done === true;
}

export async function getRefusedStart(table: Table, path: AppPath, id: string): Promise<RefusedStart | undefined> {
  const item = await table.get(refusedStartKey(path, id), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
}

/** The event as it came. Undefined: there is no such refused start. */
export async function readRefusedEvent(table: Table, path: AppPath, id: string): Promise<JsonObject | undefined> {
  const item = await table.get(refusedStartKey(path, id), { consistent: true });
  if (item === undefined) return undefined;
  const parts = optionalNumber(item, 'event_parts');
  // as: it was an object when it was written
  return parts === undefined
    ? jsonObject(item, 'event')
    : (JSON.parse(await readLarge(table, id, 'event', parts)) as JsonObject);
}

/** The newest events first. */
export async function listRefusedStarts(
  table: Table,
  path: AppPath,
  limit: number,
  after?: Readonly<Record<string, string>>,
  unreadable: Unreadable = fail,
): Promise<Listed<RefusedStart>> {
  const page = await table.query({
    pk: refusedStartsOf(path),
    reverse: true,
    consistent: true,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const records = readAll(page.items, fromItem, unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

export const cursorOfRefusedStart = (start: RefusedStart): Readonly<Record<string, string>> => ({
  ...refusedStartKey(start, start.id),
});

/** What came of another attempt. */
export type Attempt =
  | { readonly run: string }
  | { readonly code: string; readonly message: string; readonly details?: JsonObject };

/** Answers it as it is then. Undefined: it expired meanwhile. */
export async function noteAttempt(
  table: Table,
  { id, ...path }: AppPath & { readonly id: string },
  attempt: Attempt,
  at: number,
): Promise<RefusedStart | undefined> {
  const set =
    'run' in attempt
      ? { status: 'started', run: attempt.run, retried_at: at }
      : {
          code: attempt.code,
          message: attempt.message,
          details: attempt.details === undefined ? null : JSON.stringify(attempt.details),
          retried_at: at,
        };
  const written = await table.write({
    update: refusedStartKey(path, id),
    set,
    add: { attempts: 1 },
    when: [[{ name: 'status', is: 'present' }]],
  });
  return written.done && written.item !== undefined ? fromItem(written.item) : undefined;
}

function fromItem(item: Item): RefusedStart {
  const details = typeof item.details === 'string' ? jsonObject(item, 'details') : undefined;
  const retriedAt = optionalNumber(item, 'retried_at');
  const run = optionalText(item, 'run');
  return {
    org: text(item, 'org'),
    app: text(item, 'app'),
    pipeline: text(item, 'pipeline'),
    id: item.sk,
    kind: oneOf(item, 'kind', REFUSED_KINDS),
    status: oneOf(item, 'status', REFUSED_STATUSES),
    code: text(item, 'code'),
    message: text(item, 'message'),
    ...(details === undefined ? {} : { details }),
    createdAt: number(item, 'created_at'),
    eventId: text(item, 'event_id'),
    eventSource: text(item, 'event_source'),
    eventType: text(item, 'event_type'),
    attempts: number(item, 'attempts'),
    ...(retriedAt === undefined ? {} : { retriedAt }),
    ...(run === undefined ? {} : { run }),
  };
}
