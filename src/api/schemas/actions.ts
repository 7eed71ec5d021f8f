import type { JsonSchema } from '../../json.ts';
import { anyMap, choice, object, text, textMap, time } from './shapes.ts';

/** Bounded like every name that stands in a path. */
export const ACTION_NAME: JsonSchema = {
  type: 'string',
  pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  minLength: 2,
  maxLength: 50,
  description: 'Name in the org: a definition says `actions/<org>/<name>@v<version>`.',
};

const what = {
  name: ACTION_NAME,
  description: text('One sentence, for people.'),
  inputs: anyMap('JSON Schema of `with`: of an object, closed unless it says otherwise; up to 32 KiB.'),
  outputs: anyMap('JSON Schema of the outputs, likewise.'),
  mode: choice(
    ['request', 'callback'],
    '`request`: the answer of the target is the result. `callback`: the target posts the result to a URL, later.',
  ),
  target: object(
    'What carries it out: one of the two.',
    {},
    {
      function: {
        type: 'string',
        pattern: '^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9$_-]{1,128})?$',
        description: 'ARN of a Lambda function that the deployment lets actions call.',
      },
      module: { ...ACTION_NAME, description: 'Name of a module in the folder `--actions` of a local server.' },
    },
  ),
};
const errors = textMap('The codes it may fail with, each with its reason. Absent: not known.');

export const actionsSchemas = {
  ActionRequest: object('A version of an action to be registered.', what, {
    errors,
    pure: { type: 'boolean', description: 'It changes nothing outside, so it may be repeated. Default: false.' },
  }),
  Action: object(
    'A version of an action that the org registered. It never changes.',
    {
      ...what,
      org_id: text('Id of the org.'),
      version: { type: 'integer', minimum: 1, description: 'Number of the version.' },
      uses: text('How a definition names it.'),
      pure: { type: 'boolean', description: 'It changes nothing outside.' },
      created_at: time('When it was registered.'),
      created_by: text('Id of the subject that registered it.'),
    },
    { errors },
  ),
} as const satisfies Record<string, JsonSchema>;
