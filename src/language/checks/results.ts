import type { JsonSchema } from '../../json.ts';
import type { Segment } from '../expressions/template.ts';
import { isMap } from '../json-kind.ts';
import { findFolded, listNames } from './fold.ts';
import type { Finding, Question } from './question.ts';

/** `steps.<id>`: of the same job, and done when this is read. */
export function checkStep({ segments: [id, ...rest], job, step, actions }: Question): Finding | undefined {
  if (id === undefined || job === undefined) return undefined;
  const ids = job.steps.flatMap(candidate => candidate.id ?? []);
  const known = findFolded(id.name, ids);
  const read = job.steps.find(candidate => candidate.id !== undefined && candidate.id === known);
  if (read === undefined) {
    return { at: id, code: 'UNKNOWN_STEP', message: `no step of this job has the id \`${id.name}\``, near: ids };
  }
  if (step !== undefined && read.index >= step) {
    const when = read.index === step ? 'is this very step' : 'comes later';
    return { at: id, code: 'STEP_NOT_BEFORE', message: `step \`${known}\` ${when}, so it has no result yet` };
  }
  const outputs = closedOutputs(actions.get(read.action)?.outputs);
  return checkResult({ name: `steps.${known}`, owner: `the action \`${read.action}\``, outputs }, rest);
}

/** `needs.<id>`: only of jobs that this one waits for. */
export function checkNeed({ segments: [id, ...rest], pipeline, job }: Question): Finding | undefined {
  if (id === undefined || job === undefined) return undefined;
  const known = findFolded(id.name, job.needs);
  if (known !== undefined) return checkJobResult('needs', known, rest, pipeline.jobs);
  const ids = pipeline.jobs.map(candidate => candidate.id);
  const other = findFolded(id.name, ids);
  if (other === undefined) return unknownJob(id, job.needs);
  const message = `job \`${other}\` is not in \`needs\` of \`${job.id}\`, so its result cannot be read; add it there`;
  return { at: id, code: 'JOB_NOT_NEEDED', message };
}

/** `jobs.<id>`, in the outputs of the run. */
export function checkJob({ segments: [id, ...rest], pipeline }: Question): Finding | undefined {
  if (id === undefined) return undefined;
  const ids = pipeline.jobs.map(candidate => candidate.id);
  const known = findFolded(id.name, ids);
  return known === undefined ? unknownJob(id, ids) : checkJobResult('jobs', known, rest, pipeline.jobs);
}

function unknownJob(id: Segment, near: readonly string[]): Finding {
  return { at: id, code: 'UNKNOWN_JOB', message: `there is no job \`${id.name}\``, near };
}

type Jobs = Question['pipeline']['jobs'];

function checkJobResult(context: string, id: string, rest: readonly Segment[], jobs: Jobs): Finding | undefined {
  const job = jobs.find(candidate => candidate.id === id);
  // A need that does not exist was reported where it is named.
  if (job === undefined) return undefined;
  return checkResult({ name: `${context}.${id}`, owner: `the job \`${id}\``, outputs: Object.keys(job.outputs) }, rest);
}

/** `outputs`: the names that can exist; absent when they are not known before a run. */
type Result = { readonly name: string; readonly owner: string; readonly outputs: readonly string[] | undefined };

const PROPERTIES = ['status', 'outputs'];

function checkResult({ name, owner, outputs }: Result, [property, output]: readonly Segment[]): Finding | undefined {
  if (property === undefined) return undefined;
  const known = findFolded(property.name, PROPERTIES);
  if (known === undefined) {
    const message = `\`${name}\` has no property \`${property.name}\`; ${listNames(PROPERTIES)}`;
    return { at: property, code: 'UNKNOWN_PROPERTY', message, near: PROPERTIES };
  }
  if (known === 'status' || output === undefined || outputs === undefined) return undefined;
  if (findFolded(output.name, outputs) !== undefined) return undefined;
  const message = `${owner} has no output \`${output.name}\`; ${listNames(outputs)}`;
  return { at: output, code: 'UNKNOWN_OUTPUT', message, near: outputs };
}

/** The outputs of an action that says that there are no others. */
function closedOutputs(schema: JsonSchema | undefined): readonly string[] | undefined {
  if (schema === undefined || schema.additionalProperties !== false) return undefined;
  return isMap(schema.properties) ? Object.keys(schema.properties) : [];
}
