import { useParams } from 'react-router';

/** Where a page is: its org and app, from the address. */
export type Place = { readonly org: string; readonly app: string };

/** For pages below /orgs/:org/apps/:app only. */
export function usePlace(): Place {
  const { org = '', app = '' } = useParams();
  return { org, app };
}

/** The parameter of the address with this name. Routes that have it have a value for it. */
export function useParam(name: string): string {
  return useParams()[name] ?? '';
}

/** Addresses of pages: ids are escaped here and nowhere else. */
const path = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

export const pathTo = {
  home: () => '/',
  me: () => '/me',
  pipelines: ({ org, app }: Place) => path('orgs', org, 'apps', app, 'pipelines'),
  newPipeline: ({ org, app }: Place) => path('orgs', org, 'apps', app, 'new-pipeline'),
  pipeline: ({ org, app }: Place, pipeline: string) => path('orgs', org, 'apps', app, 'pipelines', pipeline),
  /** A part of a pipeline's page: `edit`, `versions`, `run`, …. */
  ofPipeline: ({ org, app }: Place, pipeline: string, part: string) =>
    path('orgs', org, 'apps', app, 'pipelines', pipeline, part),
  runs: ({ org, app }: Place) => path('orgs', org, 'apps', app, 'runs'),
  run: ({ org, app }: Place, pipeline: string, run: string) =>
    path('orgs', org, 'apps', app, 'pipelines', pipeline, 'runs', run),
  job: ({ org, app }: Place, pipeline: string, run: string, job: string) =>
    path('orgs', org, 'apps', app, 'pipelines', pipeline, 'runs', run, 'jobs', job),
  approvals: ({ org, app }: Place) => path('orgs', org, 'apps', app, 'approvals'),
  approval: (
    { org, app }: Place,
    approval: { readonly pipeline: string; readonly run: string; readonly job: string; readonly id: string },
  ) =>
    path(
      'orgs',
      org,
      'apps',
      app,
      'pipelines',
      approval.pipeline,
      'runs',
      approval.run,
      'jobs',
      approval.job,
      'approvals',
      approval.id,
    ),
  access: ({ org, app }: Place) => path('orgs', org, 'apps', app, 'access'),
  /** A part of the access pages: `service-users`, `values`, `audit`, …. */
  ofAccess: ({ org, app }: Place, ...parts: readonly string[]) => path('orgs', org, 'apps', app, 'access', ...parts),
} as const;
