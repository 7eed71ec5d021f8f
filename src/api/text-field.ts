import type { JsonObject } from '../json.ts';
import { refuseFields } from './body-problems.ts';
import { isPathParameter, PATH_PARAMETERS, type PathParameter } from './path-parameters.ts';
import type { Refusal } from './reply.ts';

/** Characters of a name that is shown to people. */
export const LONGEST_NAME = 100;

/**
 * Control characters that nobody sees, new lines and tabs apart. Those that turn the direction of writing are text, of
 * which whoever shows it takes care.
 */
export const holdsControls = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);

/** A key of the body that is text. `least`: default 1 character. */
export function readTextField(
  body: JsonObject,
  key: string,
  { least = 1, most }: { readonly least?: number; readonly most: number },
): string | Refusal {
  const value = body[key];
  if (typeof value === 'string' && value.length >= least && value.length <= most) return value;
  return refuseFields([{ name: key, message: `'${key}' has to be a text of ${least} to ${most} characters.` }]);
}

/** A key of the body that is an id, of the form that it has in paths. */
export function readIdField(body: JsonObject, key: string, of: PathParameter): string | Refusal {
  const value = body[key];
  if (typeof value === 'string' && isPathParameter(of, value)) return value;
  const { pattern, minLength, maxLength } = PATH_PARAMETERS[of];
  const message = `'${key}' has to be a text of ${minLength} to ${maxLength} characters like ${pattern}.`;
  return refuseFields([{ name: key, message }]);
}

/** For what may be a refusal instead of a text. */
export const isText = (value: string | Refusal): value is string => typeof value === 'string';
