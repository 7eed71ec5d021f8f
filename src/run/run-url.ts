import type { RunPath } from '../store/keys.ts';

/** Where a run is found over the API. `base` has no slash at its end. */
export function runUrl(base: string, path: RunPath): string {
  return `${base}/orgs/${path.org}/apps/${path.app}/pipelines/${path.pipeline}/runs/${path.run}`;
}

/** Where the callback with this token is posted to. */
export const callbackUrl = (base: string, token: string): string => `${base}/callbacks/${token}`;
