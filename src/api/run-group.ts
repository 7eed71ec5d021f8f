import type { JsonObject } from '../json.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { pipelineContext, type StartedAs } from '../run/contexts.ts';
import { runUrl } from '../run/run-url.ts';
import type { RunGroup } from '../store/runs.ts';
import { type Refusal, refuse } from './reply.ts';
import { holdsControls } from './text-field.ts';

const LONGEST_NAME = 200;

/** Loaded with the first start of a run that needs it, and kept. */
let language: Promise<typeof import('../language/expressions/evaluate.ts')> | undefined;

/**
 * The concurrency group of a new run. `inputs` as they are kept: the mask of a secret stands in the name, never the
 * secret. Undefined: the pipeline asks for none.
 */
export async function groupOfNewRun(
  pipeline: Pipeline,
  run: StartedAs,
  inputs: JsonObject,
  baseUrl: string,
): Promise<RunGroup | Refusal | undefined> {
  const { concurrency } = pipeline;
  if (concurrency === undefined) return undefined;
  language ??= import('../language/expressions/evaluate.ts');
  const { evaluate } = await language;
  const context = pipelineContext(run, pipeline, runUrl(baseUrl, run));
  const evaluated = evaluate(concurrency.group, { contexts: { inputs, pipeline: context } });
  if (!evaluated.ok) return refuseGroup(evaluated.message);
  const { value } = evaluated;
  if (value === null) return refuseGroup(IS_NULL);
  if (typeof value === 'object') return refuseGroup('it is a list or a map, not a text');
  const name = String(value);
  if (name === '' || name.length > LONGEST_NAME)
    return refuseGroup(`it has ${name.length} characters; it may have 1 to ${LONGEST_NAME}`);
  if (holdsControls(name) || /[\t\r\n]/.test(name)) return refuseGroup('it holds a control character');
  return { name, limit: concurrency.limit };
}

/** Not the run without any group: whoever wrote one wants runs to exclude each other. */
const IS_NULL =
  "it is null: an input that it names was not given to this run. Say what counts then, as in `inputs.delta_id || 'others'`";

const refuseGroup = (reason: string): Refusal =>
  refuse('INVALID_CONCURRENCY_GROUP', `No name of a concurrency group comes of 'concurrency.group': ${reason}.`);
