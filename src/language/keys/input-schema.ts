import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { isList, isMap, show } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import { nameOf } from '../path.ts';
import { explain } from '../schema/explain.ts';
import { patternProblem } from '../schema/linear-pattern.ts';
import { FORMATS, metaErrors, schemaProblem } from '../schema/validator.ts';
import { inside, type Place, report } from '../shape/shape.ts';
import { wrongType } from '../shape/values.ts';
import { joinWith, quoteAll } from '../words.ts';
import { HOLDS_NAMED_SCHEMAS, HOLDS_SCHEMA, HOLDS_SCHEMAS, INNER_KEYWORDS, TYPES } from './input-keywords.ts';

/** Schemas inside the declarations of one pipeline: compiling one takes some 0.1 ms. */
const MAX_SCHEMAS = 1000;

/** Values of one `enum`; each value of a request is compared with them. */
const MAX_ENUM = 1000;

/** Checks the schema of an input; answers whether it can be used. `names`: its keywords, in order. */
export function checkSchema(schema: JsonSchema, place: Place): boolean {
  let clean = true;
  const reading = {
    ...place.reading,
    report: (problem: Parameters<typeof place.reading.report>[0]) => {
      clean = false;
      place.reading.report(problem);
    },
  };
  const watched = { ...place, reading };
  const { tally } = reading;
  const before = tally.schemas;
  tally.schemas += checkKeywords(schema, watched);
  if (tally.schemas > MAX_SCHEMAS) {
    clean = false;
    const message = `the inputs hold more than ${MAX_SCHEMAS} schemas together; describe them in less detail`;
    if (before <= MAX_SCHEMAS) report(place, { code: 'INVALID_SCHEMA', message });
  }
  if (clean) checkMeta(schema, watched);
  return clean;
}

/** Patterns, formats and `enum` of a schema and all inside of it. Answers how many schemas there are. */
function checkKeywords(schema: JsonObject, place: Place): number {
  let count = 1;
  for (const [keyword, value] of Object.entries(schema)) {
    const there = inside(place, keyword);
    if (keyword === 'pattern') checkPattern(value, there);
    else if (keyword === 'format') checkFormat(value, there);
    else if (keyword === 'enum' && isList(value) && value.length > MAX_ENUM) {
      report(there, {
        code: 'INVALID_VALUE',
        message: `\`enum\` takes at most ${MAX_ENUM} values; there are ${value.length}`,
      });
    } else if (HOLDS_SCHEMA.has(keyword)) count += checkInner(value, there);
    else if (HOLDS_SCHEMAS.has(keyword) && isList(value)) {
      for (const [index, item] of value.entries()) count += checkInner(item, inside(there, index));
    } else if (HOLDS_NAMED_SCHEMAS.has(keyword) && isMap(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (keyword === 'patternProperties') checkPattern(name, inside(there, name), 'key');
        count += checkInner(item, inside(there, name));
      }
    }
  }
  return count;
}

function checkInner(value: Json, place: Place): number {
  if (typeof value === 'boolean') return 1;
  if (!isMap(value)) {
    wrongType(value, 'a schema', place);
    return 1;
  }
  for (const keyword of Object.keys(value).filter(name => !INNER_KEYWORDS.includes(name))) {
    const message = `\`${keyword}\` is not a keyword that rules values`;
    report(inside(place, keyword), {
      code: 'UNKNOWN_KEY',
      message,
      at: 'key',
      hint: didYouMean(keyword, INNER_KEYWORDS),
    });
  }
  return checkKeywords(value, place);
}

export function checkPattern(pattern: Json, place: Place, at?: 'key'): void {
  if (typeof pattern !== 'string') return;
  const problem = patternProblem(pattern);
  if (problem === undefined) return;
  const message = `the pattern ${show(pattern)} cannot be used: ${problem}; patterns are RE2, without look-around and back references`;
  report(place, { code: 'INVALID_PATTERN', message, ...(at === undefined ? {} : { at }) });
}

function checkFormat(format: Json, place: Place): void {
  if (typeof format !== 'string' || FORMATS.some(known => known === format)) return;
  const message = `there is no format ${show(format)}; there are ${quoteAll(FORMATS)}`;
  report(place, { code: 'INVALID_VALUE', message, hint: didYouMean(format, FORMATS) });
}

/** What JSON Schema says about its own keywords, each place once; then what only compiling finds. */
function checkMeta(schema: JsonSchema, place: Place): void {
  const places = new Map(metaErrors(schema).map(error => [error.instancePath, explain(error, schema)]));
  for (const { path, message } of places.values()) {
    const there = { ...place, path: [...place.path, ...path] };
    const words = path.at(-1) === 'type' ? `must be one of ${joinWith('or', TYPES)}` : message;
    report(there, { code: 'INVALID_SCHEMA', message: `${nameOf(there.path)} ${words}` });
  }
  const problem = places.size === 0 ? schemaProblem(schema) : undefined;
  if (problem !== undefined)
    report(place, { code: 'INVALID_SCHEMA', message: `${nameOf(place.path)} is not a valid schema: ${problem}` });
}
