import type { Json } from '../../json.ts';
import { compileCondition, compileTemplate } from '../expressions/compile-template.ts';
import type { Context } from '../expressions/contexts.ts';
import type { Condition, Template } from '../expressions/template.ts';
import { nameOf } from '../path.ts';
import { type Place, report, type Shape } from './shape.ts';
import { wrongType } from './values.ts';

/** Contexts by the part of a definition. */
export const RUN_CONTEXTS: readonly Context[] = ['inputs', 'pipeline'];
export const JOB_CONTEXTS: readonly Context[] = [...RUN_CONTEXTS, 'needs'];
export const STEP_CONTEXTS: readonly Context[] = [...JOB_CONTEXTS, 'steps'];
export const RUN_OUTPUT_CONTEXTS: readonly Context[] = [...RUN_CONTEXTS, 'jobs'];

/** Any value, with expressions anywhere in it. */
export function template(contexts: readonly Context[]): Shape<Template> {
  return { schema: {}, read: (value, place) => readTemplate(value ?? null, place, contexts) };
}

/** A string that may hold expressions. */
export function textTemplate(contexts: readonly Context[]): Shape<Template | undefined> {
  const read = (value: Json | undefined, place: Place): Template | undefined => {
    if (value === undefined) return undefined;
    return typeof value === 'string' ? readTemplate(value, place, contexts) : wrongType(value, 'a string', place);
  };
  return { schema: { type: 'string' }, read };
}

export function readTemplate(value: Json, place: Place, contexts: readonly Context[]): Template {
  const { template: compiled, expressions, problems } = compileTemplate(value, { contexts, status: false });
  note(place, expressions, problems);
  return compiled;
}

/** An `if`. Absent: true, which with the implied `success()` means that everything before went well. */
export function condition(contexts: readonly Context[]): Shape<Condition> {
  const read = (value: Json | undefined, place: Place): Condition => {
    if (value === undefined) return ALWAYS_TRUE;
    if (typeof value !== 'string' && typeof value !== 'boolean')
      return wrongType(value, 'an expression', place) ?? ALWAYS_TRUE;
    const { condition: compiled, expressions, problems } = compileCondition(value, contexts);
    note(place, expressions, problems);
    return compiled;
  };
  return { schema: { type: ['string', 'boolean'] }, read };
}

const ALWAYS_TRUE: Condition = { template: { kind: 'literal', value: true }, namesStatus: false };

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

function note(place: Place, expressions: Compiled['expressions'], problems: Compiled['problems']): void {
  const { reading, site } = place;
  for (const { expression, path } of expressions)
    reading.uses.push({ expression, path: [...place.path, ...path], site });
  for (const { path, offset, ...problem } of problems) {
    reading.report({ ...problem, path: [...place.path, ...path], at: offset });
  }
}
