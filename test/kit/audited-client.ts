import { expect } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { listAudit } from '../../src/store/audit.ts';
import type { ApiClient } from './api-client.ts';

/** Fails the test when a change or a refusal of an org has no entry in its audit log: whatever else the test is about. */
export function auditedClient(client: ApiClient, table: Table): ApiClient {
  return async call => {
    const answer = await client(call);
    const { method = 'GET', path } = call;
    const [, org] = /^\/orgs\/([a-z0-9-]+)\//.exec(path) ?? [];
    const reads = ['GET', 'HEAD', 'OPTIONS'].includes(method);
    // A decision after the outcome, or one that is repeated, is answered and changes nothing: its own tests look.
    const perhaps = /\/approvals\/[^/]+\/(approve|deny)$/.test(path);
    const changed = !reads && !perhaps && answer.status < 300 && !/dry_run=(?!false)/.test(path);
    if (org === undefined || !(answer.status === 403 || changed)) return answer;
    const requestId = answer.headers['x-request-id'];
    const { records } = await listAudit(table, org, { limit: 20 });
    const entry = records.find(each => each.requestId === requestId && each.status === answer.status);
    expect(entry, `${method} ${path} -> ${answer.status} is not in the audit log`).toMatchObject({
      decision: changed ? 'allowed' : 'refused',
    });
    return answer;
  };
}
