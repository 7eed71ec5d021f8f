import type { JsonObject, JsonSchema } from '../../json.ts';
import { nameOf, printPath } from '../path.ts';
import { checkStatic } from '../schema/check-static.ts';
import type { Place } from '../shape/shape.ts';

/**
 * What can be said about given inputs before a run: which are missing or unknown, and which literals are wrong.
 * `whose` ends a message: "inputs of `actions/humanitec/log@v1`".
 */
export function checkGiven(schema: JsonSchema, given: JsonObject, whose: string, place: Place): void {
  for (const { rule, path, message, hint } of checkStatic(schema, given)) {
    const name = printPath(path);
    const subject = name === '' ? nameOf(place.path) : `\`${name}\``;
    const said = { path: [...place.path, ...path], message: `${subject} ${message} (${whose})`, hint };
    if (rule === 'missing') place.reading.report({ ...said, code: 'MISSING_INPUT', at: 'key' });
    else if (rule === 'unknown') place.reading.report({ ...said, code: 'UNKNOWN_INPUT', at: 'key' });
    else place.reading.report({ ...said, code: 'INVALID_INPUT' });
  }
}
