import type { Route } from '../route.ts';
import { paging } from './shared.ts';

export const auditRoutes = {
  listAuditLog: {
    method: 'GET',
    path: '/orgs/{org}/audit-logs',
    summary: 'Lists the changes and refusals of an org, the newest first',
    permission: 'audit.read',
    load: 'nothing',
    query: [
      { name: 'actor', kind: 'texts', description: 'Only of this subject; `anonymous`: of nobody. May be repeated.' },
      { name: 'action', kind: 'texts', description: 'Only this operation, by its operationId. May be repeated.' },
      { name: 'decision', kind: 'choice', values: ['allowed', 'refused'], description: 'Only what was decided so.' },
      { name: 'created_after', kind: 'time', description: 'Only what happened at this time or later.' },
      { name: 'created_before', kind: 'time', description: 'Only what happened before this time.' },
      { name: 'from', kind: 'time', description: 'The same as created_after.' },
      { name: 'to', kind: 'time', description: 'The same as created_before.' },
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'AuditLogEntry', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
} as const satisfies Record<string, Route>;
