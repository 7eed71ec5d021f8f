import { findFolded, listNames } from './fold.ts';
import type { Finding, Question } from './question.ts';

/** `anything`: what is below is known when a run starts. */
type Tree = { readonly [name: string]: Tree | 'anything' };

/** What the context `pipeline` holds. */
const PIPELINE: Tree = {
  id: {},
  name: {},
  version: {},
  org: { id: {} },
  app: { id: {} },
  run: { id: {}, run_as: {}, created_by: {}, trigger: {}, url: {} },
};

/** Which values there are, the application knows when a run starts. */
const APP: Tree = { values: 'anything' };

/** The fields of an event on the bus: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const EVENT: Tree = {
  version: {},
  id: {},
  'detail-type': {},
  source: {},
  account: {},
  time: {},
  region: {},
  resources: 'anything',
  detail: 'anything',
};

export function checkPipelineProperty({ segments }: Question): Finding | undefined {
  return check('pipeline', PIPELINE, segments);
}

export function checkAppProperty({ segments }: Question): Finding | undefined {
  return check('app', APP, segments);
}

export function checkEventProperty({ segments }: Question): Finding | undefined {
  return check('event', EVENT, segments);
}

function check(context: string, tree: Tree, segments: Question['segments']): Finding | undefined {
  let holder: Tree | 'anything' = tree;
  let trail = context;
  for (const segment of segments) {
    if (holder === 'anything') return undefined;
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
