import type { Json, JsonObject } from '../json.ts';
import { rangeOf } from './cidr.ts';
import { wildcardTest } from './wildcard.ts';

export type Scalar = string | number | boolean | null;

type Test = (leaf: Scalar) => boolean;

export const saysAbsent = (rule: Json): boolean => operandOf(rule, 'exists') === false;
export const saysPresent = (rule: Json): boolean => operandOf(rule, 'exists') === true;

/**
 * One value of a pattern as a test. Operators compare texts with texts and numbers with numbers; `anything-but` is met by
 * whatever is there and not named, of any type. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {Error} for what the language refuses.
 */
export function testOf(rule: Json): Test {
  if (typeof rule !== 'object' || rule === null) return leaf => leaf === rule;
  const [[name, operand] = ['', null]] = Object.entries(rule);
  if (name === 'anything-but') {
    const tests = negated(operand);
    return leaf => !tests.some(test => test(leaf));
  }
  return operator(name, operand);
}

function operator(name: string, operand: Json): Test {
  if (name === 'numeric' && Array.isArray(operand)) return numeric(operand);
  const folded = name === 'prefix' || name === 'suffix' ? operandOf(operand, 'equals-ignore-case') : undefined;
  const text = folded ?? operand;
  if (typeof text !== 'string') throw new Error(`no value of an event pattern: {${name}: ${JSON.stringify(operand)}}`);
  const ofText = textTest(name, text, folded !== undefined);
  return leaf => typeof leaf === 'string' && ofText(leaf);
}

function textTest(name: string, operand: string, folded: boolean): (text: string) => boolean {
  const wanted = folded ? fold(operand) : operand;
  switch (name) {
    case 'prefix':
      return text => (folded ? fold(text) : text).startsWith(wanted);
    case 'suffix':
      return text => (folded ? fold(text) : text).endsWith(wanted);
    case 'equals-ignore-case':
      return text => fold(text) === fold(operand);
    case 'wildcard':
      return wildcardTest(operand);
    case 'cidr':
      return rangeOf(operand);
    default:
      throw new Error(`there is no operator '${name}' in event patterns`);
  }
}

/** What `anything-but` excludes: values, or one operator with one operand or several. */
function negated(operand: Json): readonly Test[] {
  if (Array.isArray(operand)) return operand.map(testOf);
  if (typeof operand !== 'object' || operand === null) return [testOf(operand)];
  const [[name, excluded] = ['', null]] = Object.entries(operand);
  const all: readonly Json[] = Array.isArray(excluded) ? excluded : [excluded];
  return all.map(each => operator(name, each));
}

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

/** Pairs of a comparison and a bound: all of them hold. */
function numeric(operand: readonly Json[]): Test {
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [compare, bound] = [COMPARE[String(operand[at])], operand[at + 1]];
    if (compare === undefined || typeof bound !== 'number') throw new Error('no range of numbers of an event pattern');
    tests.push(value => compare(value, bound));
  }
  return leaf => typeof leaf === 'number' && tests.every(test => test(leaf));
}

const fold = (text: string): string => text.toLowerCase();

function operandOf(rule: Json, name: string): Json | undefined {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return undefined;
  // as: what is no list is a map
  const map = rule as JsonObject;
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
