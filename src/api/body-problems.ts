import { type Refusal, refuse } from './reply.ts';

/** What is wrong with one key of a body. The message is a sentence, and quotes no value. */
export type FieldProblem = { readonly name: string; readonly message: string };

/** A body may have thousands of unknown keys; whoever sent them needs to see some. */
const MOST_PROBLEMS = 50;

/** `summary`: what the message says instead of the sentences of all problems. */
export function refuseFields(
  problems: readonly FieldProblem[],
  summary: readonly string[] = problems.map(({ message }) => message),
  code: 'INVALID_BODY' | 'UNKNOWN_BODY_KEYS' = 'INVALID_BODY',
): Refusal {
  const fields = problems.slice(0, MOST_PROBLEMS).map(({ name, message }) => ({ name, message }));
  return refuse(code, summary.join(' '), { details: { fields } });
}

/** The problem of a key, unless it is right. `what`: goes on a sentence. */
export const unlessRight = (isRight: boolean, name: string, what: string): readonly FieldProblem[] =>
  isRight ? [] : [{ name, message: `The body is not right: ${what}.` }];

/** Of fields that were read each on its own, all that are refused, as one refusal. */
export function refuseAll(...read: readonly (string | Refusal)[]): Refusal {
  const refused = read.filter(one => typeof one !== 'string');
  const fields = refused.flatMap(({ details }) => (Array.isArray(details?.fields) ? details.fields : []));
  return refuse('INVALID_BODY', refused.map(({ message }) => message).join(' '), { details: { fields } });
}
