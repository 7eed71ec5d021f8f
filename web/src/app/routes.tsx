import { accessRoutes } from '../pages/access/routes.tsx';
import { approvalRoutes } from '../pages/approvals/routes.tsx';
import { HomePage } from '../pages/home/home-page.tsx';
import { MePage } from '../pages/me/me-page.tsx';
import { NotFoundPage } from '../pages/not-found/not-found-page.tsx';
import { pipelineRoutes } from '../pages/pipelines/routes.tsx';
import { runRoutes } from '../pages/runs/routes.tsx';
import type { PageRoute } from './route.tsx';
import { ToPipelines } from './to-pipelines.tsx';

/** Every page of the UI. Each area of `pages/` lists its own. */
export const ROUTES: readonly PageRoute[] = [
  { path: '/', element: <HomePage /> },
  { path: '/me', element: <MePage /> },
  { path: '/orgs/:org/apps/:app', element: <ToPipelines /> },
  ...pipelineRoutes,
  ...runRoutes,
  ...approvalRoutes,
  ...accessRoutes,
  { path: '*', element: <NotFoundPage /> },
];
