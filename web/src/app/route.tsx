import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { LoadingRows } from '../ui/states.tsx';

/** A page and its address: a pattern of React Router, below /ui. Pages of an app begin with `IN_APP`. */
export type PageRoute = { readonly path: string; readonly element: ReactNode };

export const IN_APP = '/orgs/:org/apps/:app';

/** A page that is loaded when it is first shown, as a file of its own: it is no part of the first load. */
export function page(path: string, load: () => Promise<ComponentType>): PageRoute {
  const Page = lazy(async () => ({ default: await load() }));
  return {
    path,
    element: (
      <Suspense fallback={<LoadingRows label="Loading the page" />}>
        <Page />
      </Suspense>
    ),
  };
}
