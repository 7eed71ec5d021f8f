import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { isList, isMap, kindOf } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import { nameOf } from '../path.ts';
import { inside, type Place, report } from '../shape/shape.ts';
import { wrongType } from '../shape/values.ts';
import { quoteAll } from '../words.ts';
import { OPERATORS } from './event-operators.ts';

/** Characters of JSON, as EventBridge has it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_CHARACTERS = 2048;

/** Ways to meet the pattern once each `$or` is decided; EventBridge takes no more. */
const MAX_WAYS = 1000;

/** A field of the event is one of these values. */
export const VALUES_SCHEMA: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: {
    anyOf: [
      { type: ['string', 'number', 'boolean', 'null'] },
      {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(OPERATORS).map(([name, { schema, description }]) => [name, { ...schema, description }]),
        ),
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  },
};

/** Nested maps go on in the same way; an editor need not be told how. */
export const PATTERN_SCHEMA: JsonSchema = {
  type: 'object',
  minProperties: 1,
  properties: {
    $or: { type: 'array', minItems: 2, items: { type: 'object' }, description: 'One of these patterns is met.' },
  },
  additionalProperties: { anyOf: [VALUES_SCHEMA, { type: 'object', minProperties: 1 }] },
};

/** A map of an event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html */
export function checkPattern(pattern: JsonObject, place: Place): void {
  if (!isSmall(pattern, place)) return;
  if (checkMap(pattern, place) > MAX_WAYS) {
    wrong(place, `${nameOf(place.path)} can be met in more than ${MAX_WAYS} ways; take some \`$or\` out`);
  }
}

/** The values of one field of the event. */
export function checkValues(values: readonly Json[], place: Place): void {
  if (!isSmall(values, place)) return;
  if (values.length === 0) wrong(place, `${nameOf(place.path)} needs at least one value; nothing could ever match`);
  for (const [index, value] of values.entries()) checkValue(value, inside(place, index));
}

function isSmall(value: Json, place: Place): boolean {
  const size = JSON.stringify(value).length;
  if (size <= MAX_CHARACTERS) return true;
  wrong(place, `${nameOf(place.path)} has ${size} characters of JSON; at most ${MAX_CHARACTERS} are allowed`);
  return false;
}

/** Answers in how many ways the map can be met. */
function checkMap(map: JsonObject, place: Place): number {
  if (Object.keys(map).length === 0) wrong(place, `${nameOf(place.path)} needs at least one field`);
  let ways = 1;
  for (const [name, rule] of Object.entries(map)) {
    const there = inside(place, name);
    if (name === '$or') ways *= checkOr(rule, there);
    else if (isMap(rule)) ways *= checkMap(rule, there);
    else if (isList(rule)) checkValues(rule, there);
    else wrong(there, `${nameOf(there.path)} must be a list of values or a map of fields, not ${kindOf(rule)}`);
  }
  return ways;
}

function checkOr(branches: Json, place: Place): number {
  if (!isList(branches) || branches.length < 2) {
    wrong(place, '`$or` takes a list of at least two patterns');
    return 1;
  }
  let ways = 0;
  for (const [index, branch] of branches.entries()) {
    const there = inside(place, index);
    if (isMap(branch)) ways += checkMap(branch, there);
    else wrong(there, `${nameOf(there.path)} must be a pattern (a map), not ${kindOf(branch)}`);
  }
  return Math.max(ways, 1);
}

function checkValue(value: Json, place: Place): void {
  if (typeof value === 'string' && value.includes('${{')) {
    wrongType(value, 'the value itself', place);
    return;
  }
  if (isList(value)) wrong(place, `${nameOf(place.path)} must be a value or an operator, not a list`);
  if (!isMap(value)) return;
  const [name, ...more] = Object.keys(value);
  if (name === undefined || more.length > 0) {
    wrong(place, `${nameOf(place.path)} must be a map of one operator: {prefix: "us-"}`);
    return;
  }
  const there = inside(place, name);
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) {
    const names = Object.keys(OPERATORS);
    const message = `there is no operator \`${name}\` in event patterns; there are ${quoteAll(names)}`;
    report(there, { code: 'INVALID_EVENT_PATTERN', message, at: 'key', hint: didYouMean(name, names) });
  } else if (!operator.accepts(value[name] ?? null)) {
    wrong(there, `\`${name}\` takes ${operator.takes}`);
  }
}

function wrong(place: Place, message: string): void {
  report(place, { code: 'INVALID_EVENT_PATTERN', message });
}
