import { isDeeper, type Json, type JsonSchema } from '../json.ts';
import { isMap } from './json-kind.ts';
import { INNER_KEYWORDS } from './keys/input-keywords.ts';
import { checkSchema } from './keys/input-schema.ts';
import { printPath } from './path.ts';
import type { Problem } from './problem.ts';
import { exceedsUtf8 } from './utf8.ts';

/** Bytes of JSON: each definition that uses the action is checked with it. */
const MAX_BYTES = 32 * 1_024;

/** Levels of lists and maps: as many as a definition has. */
const MAX_NESTING = 100;

/** More than these help nobody. */
const MAX_PROBLEMS = 20;

export type ActionSchemaRead =
  | { readonly ok: true; readonly schema: JsonSchema }
  /** Whole sentences. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The schema of what a registered action takes or answers: of a map, closed unless it says otherwise, with the keywords
 * and the linear-time patterns that inputs of a pipeline may have too.
 */
export function readActionSchema(value: Json, name: string): ActionSchemaRead {
  const refused = (...problems: readonly string[]): ActionSchemaRead => ({ ok: false, problems });
  if (!isMap(value)) return refused(`\`${name}\` must be a JSON Schema: a map`);
  if (isDeeper(value, MAX_NESTING)) return refused(`\`${name}\` is nested more than ${MAX_NESTING} levels deep`);
  if (exceedsUtf8(JSON.stringify(value), MAX_BYTES))
    return refused(`\`${name}\` is larger than ${MAX_BYTES / 1_024} KiB`);
  if (value.type !== 'object') return refused(`\`${name}.type\` must be "object": inputs and outputs have names`);
  const unknown = Object.keys(value).filter(key => !INNER_KEYWORDS.includes(key));
  if (unknown.length > 0)
    return refused(...unknown.map(key => `\`${name}.${key}\` is not a keyword that rules values`));
  const problems: Problem[] = [];
  const reading = {
    actions: new Map(),
    resolved: {},
    uses: [],
    tally: { schemas: 0 },
    report: (problem: Problem) => problems.push(problem),
  };
  checkSchema(value, { path: [name], site: {}, reading });
  if (problems.length > 0)
    return refused(...problems.slice(0, MAX_PROBLEMS).map(({ path, message }) => `\`${printPath(path)}\`: ${message}`));
  return { ok: true, schema: { additionalProperties: false, ...value } };
}
