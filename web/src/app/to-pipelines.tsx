import { Navigate } from 'react-router';
import { pathTo, usePlace } from './place.ts';

/** An app has no page of its own: it opens with its pipelines. */
export function ToPipelines() {
  return <Navigate to={pathTo.pipelines(usePlace())} replace />;
}
