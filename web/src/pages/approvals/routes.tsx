import { IN_APP, type PageRoute, page } from '../../app/route.tsx';

export const approvalRoutes: readonly PageRoute[] = [
  page(`${IN_APP}/approvals`, () => import('./approvals-page.tsx').then(module => module.ApprovalsPage)),
  page(`${IN_APP}/pipelines/:pipeline/runs/:run/jobs/:job/approvals/:approval`, () =>
    import('./approval-page.tsx').then(module => module.ApprovalPage),
  ),
];
