import type { Person, Web } from '../../kit/browser/open-web.ts';

/** The app that every server of the tests has. */
export const APP = '/orgs/demo/apps/hello';

/** Makes something once per server, however many pages show it. */
export function oncePerServer<T>(make: (web: Web) => Promise<T>): (web: Web) => Promise<T> {
  const made = new WeakMap<Web, Promise<T>>();
  return web => {
    const known = made.get(web) ?? make(web);
    made.set(web, known);
    return known;
  };
}

/** Uploads a definition; answers the id of the pipeline. */
export async function addPipeline(web: Web, definition: string, as: Person = 'owner'): Promise<string> {
  const { json } = await web.api(as, `POST ${APP}/pipelines`, definition);
  return json.id;
}

/** Starts a run and answers its id; waits for its end unless `until` is `started`. */
export async function addRun(
  web: Web,
  pipeline: string,
  inputs: unknown = {},
  until: 'over' | 'started' = 'over',
  as: Person = 'developer',
): Promise<string> {
  const { json } = await web.api(as, `POST ${APP}/pipelines/${pipeline}/runs`, { inputs });
  if (until === 'over') await runIsOver(web, pipeline, json.id);
  return json.id;
}

/** Asks until the run is over: the server answers as soon as it is another one. */
export async function runIsOver(web: Web, pipeline: string, run: string): Promise<void> {
  for (;;) {
    const { json } = await web.api('viewer', `GET ${APP}/pipelines/${pipeline}/runs/${run}`);
    if (json.completed_at !== undefined) return;
    await new Promise(resolve => setTimeout(resolve, 50)); // between two looks, not for anything to have happened
  }
}

/** A pipeline of `jobs` jobs in layers of `width`: each needs two of the layer before it, and has a name as long as they get. */
export function wideDefinition(id: string, jobs = 60, width = 6): string {
  const job = (index: number): string => {
    const before = index - width;
    const left = index % width === 0 ? before + width - 1 : before - 1;
    const needs = before < 0 ? '' : `    needs: [job-${before}, job-${left}]\n`;
    return `  job-${index}:
    name: ${index % 7 === 3 ? `Job ${index} with a long name that says in full what it does to which of the many parts` : `Job ${index}`}
${needs}    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: this is job ${index}
`;
  };
  return `id: ${id}
name: A pipeline of ${jobs} jobs, whose name is so long that it does not fit on one line of a telephone
on:
  pipeline_call:
jobs:
${Array.from({ length: jobs }, (_, index) => job(index)).join('')}`;
}

/** A run of 60 jobs, over: ids of its pipeline and of itself. */
export const wideRun = oncePerServer(async web => {
  const pipeline = await addPipeline(web, wideDefinition('sixty-jobs-and-an-id-that-is-as-long-as-ids-get-00'));
  return { pipeline, run: await addRun(web, pipeline) };
});
