import type { Pipeline } from '../pipeline.ts';
import type { Report } from '../problem.ts';
import type { ExpressionUse } from '../shape/shape.ts';
import { findFolded } from './fold.ts';

/** Groups are told apart by their names, which are kept and shown as they are: a secret cannot be part of one. */
export function checkSecrets({ triggers }: Pipeline, uses: readonly ExpressionUse[], report: Report): void {
  const inputs = Object.entries(triggers.pipeline_call?.inputs ?? {});
  const secrets = inputs.filter(([, input]) => input.secret === true).map(([name]) => name);
  if (secrets.length === 0) return;
  for (const { expression, path } of uses.filter(use => use.path[0] === 'concurrency')) {
    for (const { context, segments, offset } of expression.references) {
      const [input] = segments;
      if (context !== 'inputs' || (input !== undefined && findFolded(input.name, secrets) === undefined)) continue;
      const what = input === undefined ? 'all inputs, secret ones too, are' : `the secret input \`${input.name}\` is`;
      const message = `${what} read here, where the value would be kept readable; group by something else`;
      report({ code: 'SECRET_NOT_ALLOWED', message, path, at: input?.offset ?? offset });
    }
  }
}
