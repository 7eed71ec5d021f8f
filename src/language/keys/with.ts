import type { Json } from '../../json.ts';
import type { Template } from '../expressions/template.ts';
import { isMap } from '../json-kind.ts';
import { printPath } from '../path.ts';
import { checkStatic } from '../schema/check-static.ts';
import { mapOf } from '../shape/collections.ts';
import type { Place, Shape } from '../shape/shape.ts';
import { STEP_CONTEXTS, template } from '../shape/templates.ts';

/** More than any action takes. */
const MAX_INPUTS = 500;

const entries = mapOf(template(STEP_CONTEXTS), { max: MAX_INPUTS, noun: 'input' });

/** The inputs of an action; nested values may hold expressions. */
export const withInputs: Shape<Readonly<Record<string, Template>>> = {
  schema: entries.schema,
  read: (value, place) => Object.fromEntries(entries.read(value, place)),
};

/** What can be said about the inputs before a run: which are missing or unknown, and which literals are wrong. */
export function checkWith(value: Json | undefined, action: string, place: Place): void {
  const given = value === undefined ? {} : value;
  const schema = place.reading.actions.get(action)?.inputs;
  if (schema === undefined || !isMap(given)) return;
  for (const { rule, path, message, hint } of checkStatic(schema, given)) {
    const name = printPath(path);
    const subject = name === '' ? '`with`' : `\`${name}\``;
    const said = { path: [...place.path, ...path], message: `${subject} ${message} (inputs of \`${action}\`)`, hint };
    if (rule === 'missing') place.reading.report({ ...said, code: 'MISSING_INPUT', at: 'key' });
    else if (rule === 'unknown') place.reading.report({ ...said, code: 'UNKNOWN_INPUT', at: 'key' });
    else place.reading.report({ ...said, code: 'INVALID_INPUT' });
  }
}
