import type { Item, Table } from '../ports/table.ts';
import { fail, number, oneOf, optionalText, text, textMap, type Unreadable } from './fields.ts';
import { auditKey, auditLogOf } from './keys.ts';
import { type Listed, readAll } from './listed.ts';

/** Days that an entry is kept: more than a year, so that a yearly review sees the whole year. */
export const AUDIT_DAYS = 400;

export const AUDIT_DECISIONS = ['allowed', 'refused'] as const;
export type AuditDecision = (typeof AUDIT_DECISIONS)[number];

/** What tells one change from another: whose role, which token. Never a secret. */
export type AuditDetails = Readonly<Record<string, string>>;

/** One change or one refusal. It is written once and never changed. */
export type AuditEntry = {
  readonly org: string;
  /** Ordered by time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Id of the subject, or `anonymous`. */
  readonly actor: string;
  /** Id of the operation, or what a step of a run tried. */
  readonly action: string;
  readonly permission: string;
  /** Of the request, or what did it instead: see the schema of the API. */
  readonly method: string;
  /** Path of what was acted on. */
  readonly resource: string;
  readonly decision: AuditDecision;
  readonly reason: string;
  /** Of the answer. */
  readonly status: number;
  readonly requestId?: string;
  readonly details?: AuditDetails;
};

const SECONDS_PER_DAY = 86_400;

/** Reasons name roles and ids, which are short; a longer one is cut, so that an entry stays within one write unit. */
const LONGEST_REASON = 300;

/** False: an entry of this id stands there, and it stays as it is. */
export async function putAuditEntry(table: Table, entry: AuditEntry): Promise<boolean> {
  const { org, id, at, actor, action, permission, method, resource, decision, reason, status } = entry;
  const written = await table.write({
    put: {
      ...auditKey(org, id),
      at,
      actor,
      action,
      permission,
      method,
      resource,
      decision,
      reason: reason.slice(0, LONGEST_REASON),
      status,
      ...(entry.requestId === undefined ? {} : { request_id: entry.requestId }),
      ...(entry.details === undefined ? {} : { details: entry.details }),
      expires_at: Math.ceil(at / 1_000) + AUDIT_DAYS * SECONDS_PER_DAY,
    },
    when: [[{ name: 'pk', is: 'absent' }]],
  });
  return written.done;
}

/** The newest first. `from` and `to`: ids, inclusive. */
export async function listAudit(
  table: Table,
  org: string,
  options: {
    readonly limit: number;
    readonly from?: string;
    readonly to?: string;
    readonly after?: Readonly<Record<string, string>>;
  },
  unreadable: Unreadable = fail,
): Promise<Listed<AuditEntry>> {
  const page = await table.query({ pk: auditLogOf(org), reverse: true, consistent: true, ...options });
  const records = readAll(page.items, item => fromItem(org, item), unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

function fromItem(org: string, item: Item): AuditEntry {
  const requestId = optionalText(item, 'request_id');
  return {
    org,
    id: item.sk,
    at: number(item, 'at'),
    actor: text(item, 'actor'),
    action: text(item, 'action'),
    permission: text(item, 'permission'),
    method: text(item, 'method'),
    resource: text(item, 'resource'),
    decision: oneOf(item, 'decision', AUDIT_DECISIONS),
    reason: text(item, 'reason'),
    status: number(item, 'status'),
    ...(requestId === undefined ? {} : { requestId }),
    ...(item.details === undefined ? {} : { details: textMap(item, 'details') }),
  };
}
