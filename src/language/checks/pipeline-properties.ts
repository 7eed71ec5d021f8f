import { findFolded, listNames } from './fold.ts';
import type { Finding, Question } from './question.ts';

type Tree = { readonly [name: string]: Tree };

/** What the context `pipeline` holds. */
const PIPELINE: Tree = {
  id: {},
  name: {},
  version: {},
  org: { id: {} },
  app: { id: {} },
  run: { id: {}, run_as: {}, created_by: {}, trigger: {}, url: {} },
};

export function checkPipelineProperty({ segments }: Question): Finding | undefined {
  let holder = PIPELINE;
  let trail = 'pipeline';
  for (const segment of segments) {
    const names = Object.keys(holder);
    const name = findFolded(segment.name, names);
    if (name === undefined) {
      const message = `\`${trail}\` has no property \`${segment.name}\`; ${listNames(names)}`;
      return { at: segment, code: 'UNKNOWN_PROPERTY', message, near: names };
    }
    trail += `.${name}`;
    holder = holder[name] ?? {};
  }
  return undefined;
}
