import type { Json } from '../../json.ts';
import type { Template } from '../expressions/template.ts';
import { isMap } from '../json-kind.ts';
import { mapOf } from '../shape/collections.ts';
import type { Place, Shape } from '../shape/shape.ts';
import { STEP_CONTEXTS, template } from '../shape/templates.ts';
import { checkGiven } from './given-inputs.ts';

/** More than any action takes. */
const MAX_INPUTS = 500;

const entries = mapOf(template(STEP_CONTEXTS), { max: MAX_INPUTS, noun: 'input' });

/** The inputs of an action; nested values may hold expressions. */
export const withInputs: Shape<Readonly<Record<string, Template>>> = {
  schema: entries.schema,
  read: (value, place) => Object.fromEntries(entries.read(value, place)),
};

export function checkWith(value: Json | undefined, action: string, place: Place): void {
  const given = value === undefined ? {} : value;
  const schema = place.reading.actions.get(action)?.inputs;
  if (schema !== undefined && isMap(given)) checkGiven(schema, given, `inputs of \`${action}\``, place);
}
