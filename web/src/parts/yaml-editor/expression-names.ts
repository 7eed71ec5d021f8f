import type { Json } from '../../api/types.ts';
import type { Known } from './completion.ts';
import { DEPLOYMENT_INPUTS, EVENT, type Name, type Names, PIPELINE } from './expression-words.ts';
import { isList, isObject, member, stringsIn, textOf } from './json-shape.ts';
import { type Path, valueAt } from './yaml-place.ts';

/** The contexts that an expression at `path` can read, with the names that this very definition gives them. */
export function expressionNames(document: Json, path: Path, { appValues = [] }: Known): Names {
  const [first, second] = path;
  if (first === 'on')
    return second === 'event' ? { event: { info: 'The event that starts the run.', names: EVENT } } : {};
  const everywhere: Names = {
    inputs: { info: 'What the run was started with.', names: inputNames(document) },
    pipeline: { info: 'This pipeline and its run.', names: PIPELINE },
  };
  if (first === 'concurrency') return everywhere;
  const app: Name = { info: 'The app that the run belongs to.', names: { values: { names: bare(appValues) } } };
  const jobs = member(document, 'jobs');
  if (first === 'outputs') {
    const ids = isObject(jobs) ? Object.keys(jobs) : [];
    return { ...everywhere, app, jobs: { info: 'The jobs of the run.', names: jobNames(document, ids) } };
  }
  if (first !== 'jobs' || typeof second !== 'string') return everywhere;
  const needs = valueAt(document, ['jobs', second, 'needs']);
  const needed = typeof needs === 'string' ? [needs] : stringsIn(needs);
  return {
    ...everywhere,
    app,
    ...(needed.length === 0
      ? {}
      : { needs: { info: 'The jobs that this one needs.', names: jobNames(document, needed) } }),
    ...stepsContext(document, second, path),
  };
}

/** Of a step those before it; of the outputs of a job all. */
function stepsContext(document: Json, job: string, path: Path): Names {
  const [, , part, index] = path;
  if (part !== 'steps' && part !== 'outputs') return {};
  const steps = valueAt(document, ['jobs', job, 'steps']);
  const before = isList(steps) ? (typeof index === 'number' ? steps.slice(0, index) : steps) : [];
  const names = before.flatMap(step => {
    const id = textOf(member(step, 'id'));
    const uses = textOf(member(step, 'uses'));
    return id === undefined ? [] : [[id, { ...result({}), ...(uses === undefined ? {} : { info: uses }) }] as const];
  });
  return { steps: { info: 'The steps before.', names: Object.fromEntries(names) } };
}

function jobNames(document: Json, ids: readonly string[]): Names {
  return Object.fromEntries(
    ids.map(id => {
      const outputs = valueAt(document, ['jobs', id, 'outputs']);
      return [id, result(bare(isObject(outputs) ? Object.keys(outputs) : []))];
    }),
  );
}

function result(outputs: Names): Name {
  return {
    names: {
      status: { info: 'How it ended: `succeeded`, `failed`, ….' },
      outputs: { info: 'What it gave back.', names: outputs },
    },
  };
}

function inputNames(document: Json): Names {
  const on = member(document, 'on');
  const declared = valueAt(document, ['on', 'pipeline_call', 'inputs']);
  const own = isObject(declared) ? Object.entries(declared) : [];
  const given = valueAt(document, ['on', 'event', 'inputs']);
  const type = valueAt(document, ['on', 'artefact', 'type']);
  return {
    ...bare(isObject(given) ? Object.keys(given) : []),
    ...bare(isObject(on) && Object.hasOwn(on, 'deployment_request') ? DEPLOYMENT_INPUTS : []),
    ...bare(typeof type === 'string' ? [`${type}_artefacts`] : []),
    ...Object.fromEntries(own.map(([name, input]) => [name, inputName(input)])),
  };
}

function inputName(input: Json): Name {
  const words = [textOf(member(input, 'description')), textOf(member(input, 'type'))].filter(one => one !== undefined);
  return words.length === 0 ? {} : { info: words.join(' – ') };
}

function bare(names: readonly string[]): Names {
  return Object.fromEntries(names.map(name => [name, {}]));
}
