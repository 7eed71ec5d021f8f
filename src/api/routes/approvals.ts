import type { Route } from '../route.ts';
import { APP, JOB, paging } from './shared.ts';

const APPROVAL = `${JOB}/approvals/{approval}` as const;

const decision = {
  method: 'POST',
  // To know of the approval; whether the caller may decide is judged on the type of its environment.
  permission: 'approvals.read',
  judges: ['approvals.decide'],
  load: 'run',
  query: [],
  headers: [],
  body: { kind: 'json', schema: 'ApprovalDecisionRequest', optional: true },
  responses: { 200: { description: 'The approval as it is then.', schema: 'ApprovalRequest', headers: ['ETag'] } },
  errors: ['UNKNOWN_BODY_KEYS', 'APPROVAL_IS_CANCELLED', 'INVALID_BODY'],
} as const;

export const approvalsRoutes = {
  listApprovals: {
    method: 'GET',
    path: `${APP}/approvals`,
    summary: 'Lists the approvals that runs of an app asked for, the newest first',
    permission: 'approvals.read',
    load: 'app',
    query: [
      { name: 'pipeline', kind: 'texts', description: 'Only of this pipeline. May be repeated.' },
      { name: 'run', kind: 'texts', description: 'Only of this run. May be repeated.' },
      {
        name: 'status',
        kind: 'choices',
        values: ['waiting', 'approved', 'denied', 'cancelled'],
        description: 'Only approvals with this status. May be repeated.',
      },
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'ApprovalRequest', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  getApproval: {
    method: 'GET',
    path: APPROVAL,
    summary: 'Reads an approval',
    permission: 'approvals.read',
    load: 'run',
    query: [],
    headers: [],
    responses: { 200: { description: 'The approval.', schema: 'ApprovalRequest', headers: ['ETag'] } },
    errors: [],
  },
  approve: { ...decision, path: `${APPROVAL}/approve`, summary: 'Approves' },
  deny: { ...decision, path: `${APPROVAL}/deny`, summary: 'Denies' },
} as const satisfies Record<string, Route>;
