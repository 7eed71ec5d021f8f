import type { Json } from '../../json.ts';
import { compileCondition, compileTemplate } from '../expressions/compile-template.ts';
import type { Context } from '../expressions/contexts.ts';
import type { Condition, Template } from '../expressions/template.ts';
import { nameOf } from '../path.ts';
import { counted } from '../words.ts';
import { type Place, report, type Shape } from './shape.ts';
import { wrongType } from './values.ts';

/** Contexts by the part of a definition. */
export const GROUP_CONTEXTS: readonly Context[] = ['inputs', 'pipeline'];
export const EVENT_CONTEXTS: readonly Context[] = ['event'];
export const RUN_CONTEXTS: readonly Context[] = ['inputs', 'pipeline', 'app'];
export const JOB_CONTEXTS: readonly Context[] = [...RUN_CONTEXTS, 'needs'];
export const STEP_CONTEXTS: readonly Context[] = [...JOB_CONTEXTS, 'steps'];
export const RUN_OUTPUT_CONTEXTS: readonly Context[] = [...RUN_CONTEXTS, 'jobs'];

/** Any value, with expressions anywhere in it. */
export function template(contexts: readonly Context[]): Shape<Template> {
  return { schema: {}, read: (value, place) => readTemplate(value ?? null, place, contexts) };
}

/** A string that may hold expressions. `min`: characters as it is written. */
export function textTemplate(
  contexts: readonly Context[],
  { min = 0 }: { readonly min?: number } = {},
): Shape<Template | undefined> {
  const read = (value: Json | undefined, place: Place): Template | undefined => {
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return wrongType(value, 'a string', place);
    if (value.length < min) {
      const message = `${nameOf(place.path)} must have at least ${counted(min, 'character')}`;
      report(place, { code: 'INVALID_VALUE', message });
    }
    return readTemplate(value, place, contexts);
  };
  return { schema: { type: 'string', ...(min === 0 ? {} : { minLength: min }) }, read };
}

export function readTemplate(value: Json, place: Place, contexts: readonly Context[]): Template {
  const allowed = { contexts, status: false, step: isInStep(place) };
  const { template: compiled, expressions, problems } = compileTemplate(value, allowed, place.path);
  note(place, expressions, problems);
  return compiled;
}

/** An `if`. Absent: true, which with the implied `success()` means that everything before went well. */
export function condition(contexts: readonly Context[]): Shape<Condition> {
  const read = (value: Json | undefined, place: Place): Condition => {
    if (value === undefined) return ALWAYS_TRUE;
    if (typeof value !== 'string' && typeof value !== 'boolean')
      return wrongType(value, 'an expression', place) ?? ALWAYS_TRUE;
    const allowed = { contexts, step: isInStep(place) };
    const { condition: compiled, expressions, problems } = compileCondition(value, allowed, place.path);
    note(place, expressions, problems);
    return compiled;
  };
  return { schema: { type: ['string', 'boolean'] }, read };
}

const ALWAYS_TRUE: Condition = { template: { kind: 'literal', value: true }, namesStatus: false, cleansUp: false };

/** A literal of the given shape, or one expression that gives it when the run comes there. */
export function orExpression<T>(literal: Shape<T>, contexts: readonly Context[]): Shape<Template | undefined> {
  const read = (value: Json | undefined, place: Place): Template | undefined => {
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !value.includes('${{')) {
      literal.read(value, place);
      return { kind: 'literal', value };
    }
    const compiled = readTemplate(value, place, contexts);
    if (compiled.kind === 'text') {
      const message = `${nameOf(place.path)} would always be a string with text around the expression; leave nothing but the expression`;
      report(place, { code: 'INVALID_TYPE', message });
    }
    return compiled;
  };
  return { schema: { anyOf: [literal.schema, { type: 'string', pattern: '\\$\\{\\{' }] }, read };
}

type Compiled = ReturnType<typeof compileTemplate>;

function isInStep({ site }: Place): boolean {
  return site.step !== undefined;
}

function note({ reading, site }: Place, expressions: Compiled['expressions'], problems: Compiled['problems']): void {
  for (const { expression, path } of expressions) reading.uses.push({ expression, path, site });
  for (const { offset, ...problem } of problems) reading.report({ ...problem, at: offset });
}
