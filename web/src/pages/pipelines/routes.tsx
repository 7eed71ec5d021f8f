import { IN_APP, type PageRoute, page } from '../../app/route.tsx';

const PIPELINE = `${IN_APP}/pipelines/:pipeline`;

export const pipelineRoutes: readonly PageRoute[] = [
  page(`${IN_APP}/pipelines`, () => import('./pipelines-page.tsx').then(module => module.PipelinesPage)),
  page(`${IN_APP}/new-pipeline`, () => import('./new-pipeline-page.tsx').then(module => module.NewPipelinePage)),
  page(`${PIPELINE}/edit`, () => import('./edit-page.tsx').then(module => module.EditPage)),
  page(`${PIPELINE}/run`, () => import('./start-page.tsx').then(module => module.StartPage)),
  // One page for all parts: going from one to another keeps its head, and the focus where it is.
  page(`${PIPELINE}/:part?`, () => import('./pipeline-page.tsx').then(module => module.PipelinePage)),
];
