import type { Pipeline } from '../language/pipeline.ts';
import { type Refusal, refuse } from './reply.ts';

/**
 * What the language accepts and a run cannot honour yet. A run that ignored it would do harm (overlap with another one, act as
 * the wrong identity, leave a secret readable), so it is not started. Rows go as the parts are built.
 */
const UNFINISHED: readonly { readonly key: string; readonly usedBy: (pipeline: Pipeline) => boolean }[] = [
  { key: 'concurrency', usedBy: pipeline => pipeline.concurrency !== undefined },
  { key: 'permissions', usedBy: ({ permissions }) => permissions !== undefined && permissions.kind !== 'inherit' },
  { key: 'retry', usedBy: pipeline => pipeline.jobs.some(job => job.steps.some(step => step.retry !== undefined)) },
  {
    key: 'secret',
    usedBy: ({ triggers }) => Object.values(triggers.pipeline_call?.inputs ?? {}).some(input => input.secret === true),
  },
  { key: 'app.values', usedBy: pipeline => pipeline.readsAppValues === true },
];

/** Undefined: a run of it can be started. */
export function refuseUnfinished(pipeline: Pipeline): Refusal | undefined {
  const keys = UNFINISHED.filter(({ usedBy }) => usedBy(pipeline)).map(({ key }) => `\`${key}\``);
  if (keys.length === 0) return undefined;
  return refuse(
    'NOT_SUPPORTED_YET',
    `The pipeline uses ${keys.join(', ')}; runs cannot do that yet, so none was started.`,
  );
}
