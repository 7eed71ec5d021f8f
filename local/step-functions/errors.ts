import { types } from 'node:util';
import type { Json } from '../../src/json.ts';

/** The Error Output of a state: https://states-language.net/spec.html#error-output */
export type Failure = { readonly error: string; readonly cause: string };

/** What a piece of work of a state came to. */
export type Result<T = Json> = { readonly value: T } | { readonly failure: Failure };

/** The predefined error names that this interpreter reports or matches. https://states-language.net/spec.html#appendix-a */
export const ERROR = {
  all: 'States.ALL',
  dataLimitExceeded: 'States.DataLimitExceeded',
  noChoiceMatched: 'States.NoChoiceMatched',
  queryEvaluation: 'States.QueryEvaluationError',
  runtime: 'States.Runtime',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
} as const;

/** Errors that end an execution although a retrier or catcher names a wildcard. */
const TERMINAL: ReadonlySet<string> = new Set([ERROR.dataLimitExceeded, ERROR.runtime]);

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation */
export function matches(errorEquals: readonly string[], error: string): boolean {
  if (errorEquals.includes(error)) return true;
  if (TERMINAL.has(error)) return false;
  if (errorEquals.includes(ERROR.all)) return true;
  return errorEquals.includes(ERROR.taskFailed) && error !== ERROR.timeout;
}

/** How Lambda reports what a handler threw: its name as the error, a JSON text with name, message and stack as the cause. */
export function failureOf(thrown: unknown): Failure {
  const described = types.isNativeError(thrown)
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { error: described.errorType, cause: JSON.stringify(described) };
}
