import type { Json, JsonObject } from '../json.ts';
import { type Scalar, saysAbsent, saysPresent, testOf } from './match-value.ts';

/**
 * Whether an event meets an event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html.
 * Every field that the pattern names must be met; a field is met by one of its values. The structure of arrays is looked
 * through: one element is enough, and fields of one map are met by one and the same element, never by two of them.
 * A pattern is taken as the language checked it. `null` for a field that is not there is another thing than no field.
 */
export function matchesPattern(pattern: JsonObject, event: Json): boolean {
  return meetsMap(pattern, event);
}

/** Undefined: the event has no such field. */
function meetsMap(pattern: JsonObject, value: Json | undefined): boolean {
  if (isList(value)) {
    if (value.length === 0) return meetsMap(pattern, undefined);
    // That a field is not there is said of all elements, as of the event: one that lacks it tells nothing.
    return wantsNothing(pattern)
      ? value.every(element => meetsMap(pattern, element))
      : value.some(element => meetsMap(pattern, element));
  }
  const fields = isMap(value) ? value : undefined;
  return Object.entries(pattern).every(([name, rule]) => {
    if (name === '$or' && isList(rule)) return rule.some(branch => isMap(branch) && meetsMap(branch, value));
    const field = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (isList(rule)) return meetsValues(rule, field);
    return isMap(rule) && meetsMap(rule, field);
  });
}

/** Values of fields are scalars: a map has fields of its own and is no value, a list has the values of its elements. */
function meetsValues(rules: readonly Json[], value: Json | undefined): boolean {
  const leaves = value === undefined ? [] : leavesOf(value);
  return rules.some(rule => {
    if (saysAbsent(rule)) return leaves.length === 0;
    if (saysPresent(rule)) return leaves.length > 0;
    const test = testOf(rule);
    return leaves.some(test);
  });
}

function leavesOf(value: Json): readonly Scalar[] {
  if (isList(value)) return value.flatMap(leavesOf);
  return isMap(value) ? [] : [value];
}

/** A pattern that is met by nothing being there. */
function wantsNothing(pattern: JsonObject): boolean {
  return Object.entries(pattern).every(([name, rule]) => {
    if (name === '$or' && isList(rule)) return rule.every(branch => isMap(branch) && wantsNothing(branch));
    return isList(rule) ? rule.every(saysAbsent) : isMap(rule) && wantsNothing(rule);
  });
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
