import type { ErrorCode } from '../error-codes.ts';
import type { QueryParameter } from '../route.ts';

/** What the rows of several files share. */
export const ORG = '/orgs/{org}';
export const APP = '/orgs/{org}/apps/{app}';
export const PIPELINES = '/orgs/{org}/apps/{app}/pipelines';
export const PIPELINE = `${PIPELINES}/{pipeline}` as const;
export const RUNS = `${PIPELINE}/runs` as const;
export const RUN = `${RUNS}/{run}` as const;
export const JOB = `${RUN}/jobs/{job}` as const;

export const perPage = {
  name: 'per_page',
  kind: 'count',
  min: 1,
  max: 100,
  default: 50,
  description: 'How many entries a page has at the most.',
} as const satisfies QueryParameter;

export const page = {
  name: 'page',
  kind: 'text',
  description: 'Where to go on; taken from the Link header of the page before.',
} as const satisfies QueryParameter;

export const paging = [perPage, page] as const satisfies readonly QueryParameter[];

/** What a JSON body may be refused with. */
export const badBody = ['UNKNOWN_BODY_KEYS', 'INVALID_BODY'] as const satisfies readonly ErrorCode[];

export const dryRun = {
  name: 'dry_run',
  kind: 'flag',
  description: 'Checks everything, stores nothing, and answers 204.',
} as const satisfies QueryParameter;

export const version = {
  name: 'version',
  kind: 'text',
  description: 'Id of a saved version, instead of the current one.',
} as const satisfies QueryParameter;

export const appFilter = {
  name: 'app',
  kind: 'texts',
  description: 'Only of this app. May be repeated.',
} as const satisfies QueryParameter;
