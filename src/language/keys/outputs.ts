import type { Context } from '../expressions/contexts.ts';
import type { Template } from '../expressions/template.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import type { Shape } from '../shape/shape.ts';
import { template } from '../shape/templates.ts';

/** More than anybody reads. */
const MAX_OUTPUTS = 500;

/** Of a job and of the run: name → value. */
export function outputs(contexts: readonly Context[]): Shape<Readonly<Record<string, Template>>> {
  const map = mapOf(template(contexts), { max: MAX_OUTPUTS, noun: 'output' }, NAME);
  return { schema: map.schema, read: (value, place) => Object.fromEntries(map.read(value, place)) };
}
