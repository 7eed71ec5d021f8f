import type { Json, JsonObject } from '../json.ts';
import { type Scalar, saysAbsent, saysPresent, testOf } from './match-value.ts';

/** Undefined: the event has no such field. */
type Test = (value: Json | undefined) => boolean;

/** A part of a pattern, and whether it is met by nothing being there. */
type Compiled = { readonly meets: Test; readonly wantsNothing: boolean };

/** Patterns that were met before, for as long as somebody has them. */
const kept = new WeakMap<JsonObject, Test>();

/**
 * Whether an event meets an event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html.
 * Every field that the pattern names must be met; a field is met by one of its values. The structure of arrays is looked
 * through: one element is enough, and fields of one map are met by one and the same element, never by two of them.
 * A pattern is taken as the language checked it. `null` for a field that is not there is another thing than no field.
 */
export function matchesPattern(pattern: JsonObject, event: Json): boolean {
  const known = kept.get(pattern);
  if (known !== undefined) return known(event);
  const { meets } = compileMap(pattern);
  kept.set(pattern, meets);
  return meets(event);
}

/** What a pattern says is worked out once: an event may have some hundred thousand elements that are judged by it. */
function compileMap(pattern: JsonObject): Compiled {
  const parts = Object.entries(pattern).map(([name, rule]) =>
    name === '$or' && isList(rule) ? compileOr(rule) : compileField(name, rule),
  );
  const wantsNothing = parts.every(part => part.wantsNothing);
  const meets: Test = value => {
    if (!isList(value)) return parts.every(part => part.meets(value));
    if (value.length === 0) return meets(undefined);
    // That a field is not there is said of all elements, as of the event: one that lacks it tells nothing.
    return wantsNothing ? value.every(meets) : value.some(meets);
  };
  return { meets, wantsNothing };
}

function compileOr(branches: readonly Json[]): Compiled {
  const compiled = branches.filter(isMap).map(compileMap);
  return {
    meets: value => compiled.some(branch => branch.meets(value)),
    wantsNothing: compiled.length === branches.length && compiled.every(branch => branch.wantsNothing),
  };
}

function compileField(name: string, rule: Json): Compiled {
  const { meets, wantsNothing } = compileRule(rule);
  return { meets: value => meets(isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined), wantsNothing };
}

function compileRule(rule: Json): Compiled {
  if (isMap(rule)) return compileMap(rule);
  return isList(rule) ? compileValues(rule) : { meets: () => false, wantsNothing: false };
}

/** Values of fields are scalars: a map has fields of its own and is no value, a list has the values of its elements. */
function compileValues(rules: readonly Json[]): Compiled {
  const absent = rules.some(saysAbsent);
  const present = rules.some(saysPresent);
  const tests = rules.filter(rule => !saysAbsent(rule) && !saysPresent(rule)).map(testOf);
  const meets: Test = value => {
    const leaves = value === undefined ? [] : leavesOf(value);
    if (leaves.length === 0) return absent;
    return present || tests.some(test => leaves.some(test));
  };
  return { meets, wantsNothing: rules.every(saysAbsent) };
}

function leavesOf(value: Json): readonly Scalar[] {
  if (isList(value)) return value.flatMap(leavesOf);
  return isMap(value) ? [] : [value];
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
