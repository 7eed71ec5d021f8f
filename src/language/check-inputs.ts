import type { Json, JsonSchema } from '../json.ts';
import { printPath } from './path.ts';
import { explain } from './schema/explain.ts';
import { validatorOf } from './schema/validator.ts';

/** More than these help nobody. */
const MAX_PROBLEMS = 20;

export type InputProblem = {
  /** `data.items[0]`; empty for the whole. */
  readonly path: string;
  /** A whole sentence: "`data` must be a map, not a text". */
  readonly message: string;
};

/**
 * Checks the evaluated `with` of a step against the inputs of its action. `first`: for schemas that users brought; to name
 * every problem of a long list by a wide `anyOf` takes more memory than there is.
 */
export function checkInputs(
  schema: JsonSchema,
  value: Json,
  named: 'all' | 'first' = 'first',
): readonly InputProblem[] {
  const errors = validatorOf(schema, named)(value);
  return errors
    .slice(0, MAX_PROBLEMS)
    .map(error => explain(error, value))
    .map(({ path, message }) => ({ path: printPath(path), message: `${subject(printPath(path))} ${message}` }));
}

function subject(path: string): string {
  return path === '' ? '`with`' : `\`${path}\``;
}
