import { type AuditEntry, listAudit } from '../../store/audit.ts';
import { auditKey } from '../../store/keys.ts';
import { REFUSALS_ARE_ONE_FOR } from '../audit.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { firstIdAt, formatTime } from '../time.ts';

export const listAuditLog =
  (dependencies: ApiDependencies): Operation<'listAuditLog'> =>
  call => {
    const { org } = call.params;
    const { actor, action, decision } = call.query;
    const after = latest(call.query.created_after, call.query.from);
    const before = earliest(call.query.created_before, call.query.to);
    // Where many refusals are one entry, its id is of the beginning of that time; which are wanted is said by `at`.
    const from = after === undefined ? {} : { from: firstIdAt(after - REFUSALS_ARE_ONE_FOR) };
    const to = before === undefined ? {} : { to: firstIdAt(before) };
    const none = after !== undefined && before !== undefined && after >= before;
    const filtered = actor ?? action ?? decision ?? after ?? before;
    return replyList(dependencies, call, {
      read: async (limit, cursor) =>
        none
          ? { records: [] }
          : listAudit(
              dependencies.table,
              org,
              { limit, ...from, ...to, ...(cursor === undefined ? {} : { after: cursor }) },
              reportUnreadable(dependencies.log),
            ),
      cursorOf: entry => auditKey(org, entry.id),
      ...(filtered === undefined
        ? {}
        : {
            keep: (entry: AuditEntry) =>
              (actor === undefined || actor.includes(entry.actor)) &&
              (action === undefined || action.includes(entry.action)) &&
              (decision === undefined || decision === entry.decision) &&
              (after === undefined || entry.at >= after) &&
              (before === undefined || entry.at < before),
          }),
      render: renderEntry,
    });
  };

const latest = (...times: readonly (number | undefined)[]): number | undefined => {
  const given = times.filter(time => time !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
};

const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const given = times.filter(time => time !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
};

function renderEntry(entry: AuditEntry): string {
  return JSON.stringify({
    id: entry.id,
    at: formatTime(entry.at),
    org_id: entry.org,
    user_id: entry.actor,
    action: entry.action,
    permission: entry.permission,
    decision: entry.decision,
    reason: entry.reason,
    request_method: entry.method,
    request_path: entry.resource,
    response_status: entry.status,
    details: entry.details ?? {},
    ...(entry.requestId === undefined ? {} : { request_id: entry.requestId }),
  });
}
