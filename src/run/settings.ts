import { evaluate } from '../language/expressions/evaluate.ts';
import type { Evaluated, Scope, Template } from '../language/expressions/template.ts';

/** Minutes of a time-out that may hold an expression; an absent one is no limit of its own. */
export function minutesOf(template: Template | undefined, scope: Scope): Evaluated<number | undefined> {
  if (template === undefined) return { ok: true, value: undefined };
  const evaluated = evaluate(template, scope);
  if (!evaluated.ok) return { ok: false, message: `its timeout-minutes could not be evaluated: ${evaluated.message}` };
  const { value } = evaluated;
  if (typeof value === 'number' && value > 0 && value <= MOST_MINUTES) return { ok: true, value };
  return {
    ok: false,
    message: `its timeout-minutes is ${JSON.stringify(value)}, not a number above 0 and up to ${MOST_MINUTES}`,
  };
}

/** 30 days. */
const MOST_MINUTES = 43_200;

export function continues(template: Template | undefined, scope: Scope): Evaluated<boolean> {
  if (template === undefined) return { ok: true, value: false };
  const evaluated = evaluate(template, scope);
  if (!evaluated.ok)
    return { ok: false, message: `its continue-on-error could not be evaluated: ${evaluated.message}` };
  const { value } = evaluated;
  if (typeof value === 'boolean') return { ok: true, value };
  return { ok: false, message: `its continue-on-error is ${JSON.stringify(value)}, not true or false` };
}

/** What a failure looks like in a record: whether things go on all the same is asked at the moment of the failure. */
export function failureOf(
  message: string,
  continueOnError: Template | undefined,
  scope: Scope,
): { readonly status: 'failed'; readonly message: string; readonly continued?: true } {
  const continued = continues(continueOnError, scope);
  if (!continued.ok) return { status: 'failed', message: `${message} (and ${continued.message})` };
  return { status: 'failed', message, ...(continued.value ? { continued: true } : {}) };
}
