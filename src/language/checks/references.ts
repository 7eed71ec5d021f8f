import type { Context } from '../expressions/contexts.ts';
import { didYouMean } from '../near-name.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Reading } from '../shape/shape.ts';
import { findFolded } from './fold.ts';
import { inputNames, whereToDeclare } from './input-names.ts';
import { checkAppProperty, checkEventProperty, checkPipelineProperty } from './known-properties.ts';
import type { Finding, Question } from './question.ts';
import { checkJob, checkNeed, checkStep } from './results.ts';

const CHECKS: Readonly<Record<Context, (question: Question) => Finding | undefined>> = {
  inputs: checkInput,
  pipeline: checkPipelineProperty,
  steps: checkStep,
  needs: checkNeed,
  jobs: checkJob,
  app: checkAppProperty,
  event: checkEventProperty,
};

/** Every name in every expression is declared somewhere and has its value when it is read. */
export function checkReferences(pipeline: Pipeline, { uses, actions, report }: Reading): void {
  const jobs = new Map(pipeline.jobs.map(job => [job.id, job]));
  for (const { expression, path, site } of uses) {
    const job = jobs.get(site.job ?? '');
    for (const { context, segments } of expression.references) {
      const finding = CHECKS[context]({ segments, pipeline, job, step: site.step, actions });
      if (finding === undefined) continue;
      const { at, code, message, near = [] } = finding;
      report({ code, message, path, at: at.offset, hint: didYouMean(at.name, near) });
    }
  }
}

function checkInput({ segments: [name], pipeline }: Question): Finding | undefined {
  const { triggers } = pipeline;
  // Without a trigger something else is wrong, and was said.
  if (name === undefined || Object.keys(triggers).length === 0) return undefined;
  const declared = inputNames(triggers);
  if (findFolded(name.name, declared) !== undefined) return undefined;
  const message = `there is no input \`${name.name}\`; ${whereToDeclare(triggers)}`;
  return { at: name, code: 'UNKNOWN_INPUT', message, near: declared };
}
