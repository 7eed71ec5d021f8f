import type { Json, JsonObject } from '../../json.ts';
import { evaluate, evaluateCondition } from '../../language/expressions/evaluate.ts';
import type { Condition, Expression, Reference, Template } from '../../language/expressions/template.ts';

/** What of a run is known before a step begins. */
export type Known = {
  readonly contexts: Readonly<Record<string, Json>>;
  /** Whether what an expression reads will be what it is now. */
  readonly isKnown: (reference: Reference) => boolean;
};

/** `known`: false where some of it is seen only when the step begins; the expression stands in its place. */
export type Foreseen = { readonly value: Json; readonly known: boolean };

/** What a template will come to, as far as it can be told. */
export function foresee(template: Template, known: Known): Foreseen {
  switch (template.kind) {
    case 'literal':
      return { value: template.value, known: true };
    case 'expression':
      return foreseeExpression(template, template.expression, known);
    case 'text': {
      const parts = template.parts.map((part): Foreseen => {
        if (typeof part === 'string') return { value: part, known: true };
        return foreseeExpression({ kind: 'text', parts: [part] }, part, known);
      });
      return { value: parts.map(part => String(part.value)).join(''), known: parts.every(part => part.known) };
    }
    case 'list': {
      const items = template.items.map(item => foresee(item, known));
      return { value: items.map(item => item.value), known: items.every(item => item.known) };
    }
    case 'map': {
      const entries = template.entries.map(([key, entry]) => [key, foresee(entry, known)] as const);
      return {
        value: Object.fromEntries(entries.map(([key, entry]): [string, Json] => [key, entry.value])),
        known: entries.every(([, entry]) => entry.known),
      };
    }
  }
}

/** `now()` and `uuid()` have no answer before the step begins: evaluating them fails, and so they are not known. */
function foreseeExpression(template: Template, expression: Expression, known: Known): Foreseen {
  const unknown = { value: sourceOf(expression), known: false };
  if (!expression.references.every(known.isKnown)) return unknown;
  const evaluated = evaluate(template, { contexts: known.contexts });
  return evaluated.ok ? { value: evaluated.value, known: true } : unknown;
}

/** A condition in words of the definition. `skipped`: it is known to be false. Undefined: it has none of its own. */
export function foreseeCondition(
  condition: Condition,
  known: Known,
): { readonly condition: string; readonly skipped: boolean } | undefined {
  const { template } = condition;
  if (template.kind === 'literal') {
    if (template.value === true) return undefined;
    const evaluated = evaluateCondition(condition, { contexts: {} });
    return { condition: String(template.value), skipped: evaluated.ok && !evaluated.value };
  }
  const expressions = expressionsIn(template);
  // Status functions ask what comes before, which is still to happen.
  const told = !condition.namesStatus && expressions.every(({ references }) => references.every(known.isKnown));
  const evaluated = told ? evaluateCondition(condition, { contexts: known.contexts }) : undefined;
  return { condition: writtenAs(template), skipped: evaluated?.ok === true && !evaluated.value };
}

const sourceOf = ({ source }: Expression): string => `\${{ ${source.trim()} }}`;

function writtenAs(template: Template): string {
  if (template.kind === 'expression') return template.expression.source.trim();
  if (template.kind !== 'text') return '…';
  return template.parts.map(part => (typeof part === 'string' ? part : sourceOf(part))).join('');
}

function expressionsIn(template: Template): readonly Expression[] {
  if (template.kind === 'expression') return [template.expression];
  return template.kind === 'text' ? template.parts.filter(part => typeof part !== 'string') : [];
}

/** Characters of one value that are shown. */
const MOST_SHOWN = 4_000;

/** A value that would make the answer large is cut, and says so. */
export function shortened(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= MOST_SHOWN) return value;
  return `${text.slice(0, MOST_SHOWN)} … (${text.length - MOST_SHOWN} characters more)`;
}

/** The inputs of a step, in the order of the definition. */
export const foreseeInputs = (templates: Readonly<Record<string, Template>>, known: Known): readonly JsonObject[] =>
  Object.entries(templates).map(([name, template]) => {
    const foreseen = foresee(template, known);
    return { name, value: shortened(foreseen.value), known: foreseen.known };
  });
