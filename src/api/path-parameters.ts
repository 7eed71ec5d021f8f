/**
 * What may stand for a placeholder of a path. Text that does not fit is an id that nothing has: 404. Every pattern is
 * linear: `[a-z0-9](?:-?[a-z0-9]+)+`, the usual way to write the first one, takes exponential time to refuse a long text.
 */
const ID = { pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', minLength: 2, maxLength: 50 } as const;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Whoever makes a token chooses its id. */
export const TOKEN_ID = {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  minLength: 1,
  maxLength: 100,
  description: 'Id of the token, unique among those of its user.',
} as const;

export const PATH_PARAMETERS = {
  org: { ...ID, description: 'Id of the org.' },
  app: { ...ID, description: 'Id of the app.' },
  env: { ...ID, description: 'Id of the environment.' },
  envType: { ...ID, description: 'Id of the type of environments.' },
  pipeline: { ...ID, description: 'Id of the pipeline.' },
  user: {
    pattern: `^(?:[sg]-)?${UUID}$`,
    minLength: 36,
    maxLength: 38,
    description: 'Id of a user (a UUID), a service user (`s-` before it) or a group (`g-` before it).',
  },
  group: { pattern: `^g-${UUID}$`, minLength: 38, maxLength: 38, description: 'Id of the group of users.' },
  token: TOKEN_ID,
  run: {
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    minLength: 36,
    maxLength: 36,
    description: 'Id of the run: a UUID, version 7.',
  },
  refusedStart: {
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$',
    minLength: 36,
    maxLength: 36,
    description: 'Id of the refused start: a UUID that sorts by the time of its event.',
  },
  webhook: { ...ID, description: 'Id of the webhook.' },
  delivery: {
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    minLength: 36,
    maxLength: 36,
    description: 'Id of the delivery: a UUID that sorts by the time of its event.',
  },
  criterion: { pattern: `^${UUID}$`, minLength: 36, maxLength: 36, description: 'Id of the criterion.' },
  approval: { pattern: `^${UUID}$`, minLength: 36, maxLength: 36, description: 'Id of the approval.' },
  job: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', minLength: 1, maxLength: 100, description: 'Id of the job.' },
  action: { ...ID, description: 'Name of the action, without the org.' },
  callback: {
    pattern: '^[A-Za-z0-9_-]{86}$',
    minLength: 86,
    maxLength: 86,
    description: 'What the URL holds that a step gave out.',
  },
  step: {
    pattern: '^(?:0|[1-9][0-9]?)$',
    minLength: 1,
    maxLength: 2,
    description: 'Place of the step in its job, from 0.',
  },
  key: {
    pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$',
    minLength: 1,
    maxLength: 100,
    description: 'Key of the value.',
  },
} as const satisfies Record<
  string,
  { readonly pattern: string; readonly minLength: number; readonly maxLength: number; readonly description: string }
>;

export type PathParameter = keyof typeof PATH_PARAMETERS;

const matchers = new Map<string, (text: string) => boolean>(
  Object.entries(PATH_PARAMETERS).map(([name, { pattern, minLength, maxLength }]) => {
    const expression = new RegExp(pattern);
    return [name, text => text.length >= minLength && text.length <= maxLength && expression.test(text)];
  }),
);

/** False: nothing can have this id. A placeholder that is not in the table is a bug of the route table. */
export function isPathParameter(name: string, text: string): boolean {
  const matches = matchers.get(name);
  if (matches === undefined) throw new Error(`the path parameter '${name}' is not in path-parameters.ts`);
  return matches(text);
}
