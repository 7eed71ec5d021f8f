import { IN_APP, type PageRoute, page } from '../../app/route.tsx';

export const runRoutes: readonly PageRoute[] = [
  page(`${IN_APP}/runs`, () => import('./runs-page.tsx').then(module => module.RunsPage)),
  page(`${IN_APP}/runs/:run`, () => import('./find-run-page.tsx').then(module => module.FindRunPage)),
  // One page for the run and its jobs: going from job to job keeps what was read.
  page(`${IN_APP}/pipelines/:pipeline/runs/:run/jobs?/:job?`, () =>
    import('./run-page.tsx').then(module => module.RunPage),
  ),
];
