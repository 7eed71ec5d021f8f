import { type Answer, isMap } from './client.ts';
import { inertJson, inertLine } from './inert.ts';
import { EXIT, type Exit, type Streams } from './streams.ts';

/** Status 1: a permission is lacking, so the run could not do what it is for. */
export function showPlan({ body, text }: Answer, json: boolean, { print }: Streams): Exit {
  const plan = isMap(body) ? body : {};
  const permissions = mapsOf(plan.permissions);
  if (json) print(inertJson(text));
  else {
    const show = (line: string): void => print(inertLine(line));
    show(`Nothing was started. Version ${String(plan.pipeline_version)} would run as ${String(plan.run_as)}.`);
    show(`inputs: ${JSON.stringify(plan.inputs)}`);
    for (const job of mapsOf(plan.jobs)) {
      const needs = Array.isArray(job.needs) && job.needs.length > 0 ? ` after ${job.needs.join(', ')}` : '';
      show(`job ${String(job.id)}${needs}`);
    }
    for (const { permission, held, reason } of permissions) {
      show(`${String(permission)}: ${held === true ? 'held' : 'NOT HELD'} (${String(reason)})`);
    }
    if (isMap(plan.concurrency)) {
      const { group, position } = plan.concurrency;
      show(`group ${String(group)}: ${position === '0' ? 'it would begin at once' : `place ${String(position)}`}`);
    }
  }
  return permissions.every(({ held }) => held === true) ? EXIT.succeeded : EXIT.failed;
}

const mapsOf = (value: unknown) => (Array.isArray(value) ? value.filter(isMap) : []);
