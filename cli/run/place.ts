/** Of a pipeline in the API. */
export type PipelinePlace = { readonly org: string; readonly app: string; readonly pipeline: string };

export type RunPlace = PipelinePlace & { readonly run: string };

/** `<org>/<app>/<pipeline>`. */
export function readPipelinePlace(text: string): PipelinePlace | undefined {
  const [org = '', app = '', pipeline = '', ...more] = text.split('/');
  return more.length > 0 || [org, app, pipeline].includes('') ? undefined : { org, app, pipeline };
}

/** `<org>/<app>/<pipeline>/<run>`. */
export function readRunPlace(text: string): RunPlace | undefined {
  const end = text.lastIndexOf('/');
  const place = readPipelinePlace(text.slice(0, Math.max(0, end)));
  const run = text.slice(end + 1);
  return place === undefined || run === '' ? undefined : { ...place, run };
}

export const appPath = ({ org, app }: Omit<PipelinePlace, 'pipeline'>): string =>
  `/orgs/${encodeURIComponent(org)}/apps/${encodeURIComponent(app)}`;

export const pipelinePath = (place: PipelinePlace): string =>
  `${appPath(place)}/pipelines/${encodeURIComponent(place.pipeline)}`;

export const runPath = (place: RunPlace): string => `${pipelinePath(place)}/runs/${encodeURIComponent(place.run)}`;

export const runText = ({ org, app, pipeline, run }: RunPlace): string => `${org}/${app}/${pipeline}/${run}`;
