import type { Key } from '../ports/table.ts';

/**
 * Every key of the table has its home here. Ids cannot hold `/` or `#`, so parts cannot run into each other.
 *
 * | item | pk | sk | gsi1 | gsi2 |
 * |---|---|---|---|---|
 * | app | `APPS#org` | id | | |
 * | pipeline | `PIPELINES#org/app` | id | pipelines of the org, by time | pipelines of the app, by time |
 * | version | `VERSIONS#org/app/pipeline` | version id (ordered) | | |
 * | run | `RUNS#org/app/pipeline` | run id (ordered) | runs of the org, by time | only while it is not over |
 * | job, log chunk, large value | `RUN#run` | `JOB#…`, `LOG#…`, `LARGE#…` | | |
 * | subject, its roles, its tokens | `SUBJECT#id` | `PROFILE`, `ROLE#org`, `TOKEN#hash` | | |
 */
export type AppPath = { readonly org: string; readonly app: string };
export type PipelinePath = AppPath & { readonly pipeline: string };
export type RunPath = PipelinePath & { readonly run: string };

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

export const appKey = (path: AppPath): Key => ({ pk: `APPS#${path.org}`, sk: path.app });

export const pipelineKey = (path: PipelinePath): Key => ({
  pk: `PIPELINES#${path.org}/${path.app}`,
  sk: path.pipeline,
});
export const pipelinesOfOrg = (org: string): string => `PIPELINES#${org}`;
export const pipelinesOfApp = (path: AppPath): string => `PIPELINES#${path.org}/${path.app}`;
/** Position of a pipeline in both lists. Times are padded, so that their text sorts as they do. */
export const pipelinePosition = (createdAt: number, path: PipelinePath): string =>
  `${digits(createdAt, 15)}#${path.app}/${path.pipeline}`;

export const versionsOf = (path: PipelinePath): string => `VERSIONS#${path.org}/${path.app}/${path.pipeline}`;
export const versionKey = (path: PipelinePath, version: string): Key => ({ pk: versionsOf(path), sk: version });

export const runsOf = (path: PipelinePath): string => `RUNS#${path.org}/${path.app}/${path.pipeline}`;
export const runKey = (path: RunPath): Key => ({ pk: runsOf(path), sk: path.run });
export const runsOfOrg = (org: string): string => `RUNS#${org}`;

/** Runs that are not over lie in this many partitions of the index, so that no single one limits how many may start. */
export const OPEN_SHARDS = 16;
export const openRuns = (shard: number): string => `OPEN#${digits(shard, 2)}`;
export const openShardOf = (run: string): number => Number.parseInt(run.slice(-1), 16) % OPEN_SHARDS;
export const openPosition = (path: RunPath): string => `${path.org}/${path.app}/${path.pipeline}/${path.run}`;

export function runPathOfPosition(position: string): RunPath {
  const [org, app, pipeline, run] = position.split('/');
  if (org === undefined || app === undefined || pipeline === undefined || run === undefined) {
    throw new Error(`'${position}' is no position of an open run`);
  }
  return { org, app, pipeline, run };
}

export const partsOfRun = (run: string): string => `RUN#${run}`;
/** Jobs are known by their place in the definition: at most 100. */
export const jobKey = (run: string, job: number): Key => ({ pk: partsOfRun(run), sk: `JOB#${digits(job, 3)}` });
export const JOB_PREFIX = 'JOB#';
export const logKey = (run: string, job: number, chunk: number): Key => ({
  pk: partsOfRun(run),
  sk: `LOG#${digits(job, 3)}#${digits(chunk, 7)}`,
});
export const largeKey = (run: string, name: string, part: number): Key => ({
  pk: partsOfRun(run),
  sk: `LARGE#${name}#${digits(part, 3)}`,
});

export const subjectKey = (subject: string): string => `SUBJECT#${subject}`;
export const profileKey = (subject: string): Key => ({ pk: subjectKey(subject), sk: 'PROFILE' });
export const orgRoleKey = (subject: string, org: string): Key => ({ pk: subjectKey(subject), sk: `ROLE#${org}` });
export const tokenKey = (subject: string, hash: string): Key => ({ pk: subjectKey(subject), sk: `TOKEN#${hash}` });
