import type { Json } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import type { Step } from '../pipeline.ts';
import { NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, type Shape } from '../shape/shape.ts';
import { condition, orExpression, STEP_CONTEXTS, textTemplate } from '../shape/templates.ts';
import { flag, text } from '../shape/values.ts';
import { checkRetryCodes, retry } from './retry.ts';
import { stepMinutes } from './timeout-minutes.ts';
import { uses } from './uses.ts';
import { checkWith, withInputs } from './with.ts';

const FIELDS = {
  uses: {
    shape: uses,
    required: true,
    description: 'The action: `actions/humanitec/log@v1`; without a version, the newest.',
  },
  id: {
    shape: text({ form: NAME }),
    description: 'Names the step, so that later ones can read `steps.<id>`. Unique in the job.',
  },
  name: {
    shape: textTemplate(STEP_CONTEXTS),
    description: 'For people; may hold expressions. Default: the id, else the name of the action.',
  },
  if: {
    shape: condition(STEP_CONTEXTS),
    description: 'When the step runs. `success()` is implied unless a status function is named.',
  },
  with: { shape: withInputs, description: 'The inputs of the action.' },
  'continue-on-error': {
    shape: orExpression(flag, STEP_CONTEXTS),
    description: 'Whether later steps run although this one failed.',
  },
  'timeout-minutes': { shape: orExpression(stepMinutes, STEP_CONTEXTS), description: 'How long the step may take.' },
  retry: { shape: retry, description: 'Calls the action again after a failure.' },
} as const;

export const step: Shape<Step> = { schema: fieldsSchema(FIELDS), read: readStep };

function readStep(value: Json | undefined, place: Place): Step {
  const fields = readFields(FIELDS, 'a step', value, place);
  const { uses: used, id } = fields;
  if (used.action !== undefined) checkWith(isMap(value) ? value.with : undefined, used.action, inside(place, 'with'));
  if (used.action !== undefined && fields.retry !== undefined) {
    checkRetryCodes(fields.retry, used.action, inside(place, 'retry'));
  }
  const timeout = fields['timeout-minutes'];
  const continueOnError = fields['continue-on-error'];
  return {
    index: place.site.step ?? 0,
    ...(id === undefined ? {} : { id }),
    name: fields.name ?? { kind: 'literal', value: id ?? used.name },
    uses: used.written,
    action: used.action ?? '',
    if: fields.if,
    with: fields.with,
    ...(continueOnError === undefined ? {} : { continueOnError }),
    ...(timeout === undefined ? {} : { timeoutMinutes: timeout }),
    ...(fields.retry === undefined ? {} : { retry: fields.retry }),
  };
}
